namespace TorchSharp;

public static partial class torch
{
    public static Tensor bucketize(Tensor input, Tensor boundaries, bool outInt32 = false, bool right = false) =>
        input.bucketize(boundaries, outInt32, right);

    public static Tensor searchsorted(
        Tensor sorted_sequence,
        Tensor values,
        bool out_int32 = false,
        bool right = false,
        Tensor? sorter = null) =>
        Op.Call("aten::searchsorted.Tensor", sorted_sequence, values, out_int32, right, Arg.None, sorter);

    public static Tensor bincount(Tensor input, Tensor? weights = null, long minlength = 0) => input.bincount(weights, minlength);

    public static Tensor isin(Tensor tensor, Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
        tensor.isin(test_elements, assumeUnique, invert);

    public static Tensor histc(Tensor input, long bins = 100, long min = 0, long max = 0) => input.histc(bins, min, max);

    public partial class Tensor
    {
        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            Op.Call("aten::bucketize.Tensor", this, boundaries, outInt32, right);

        public Tensor bincount(Tensor? weights, long minlength = 0) => Op.Call("aten::bincount", this, weights, minlength);

        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            Op.Call("aten::isin.Tensor_Tensor", this, test_elements, assumeUnique, invert);

        public Tensor histc(long bins = 100, long min = 0, long max = 0) => Op.Call("aten::histc", this, bins, min, max);

        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => Op.Call("aten::quantile", this, q, dim, keepdim);

        public (Tensor output, Tensor? inverse_indices, Tensor? counts) unique(
            bool sorted = true,
            bool return_inverse = false,
            bool return_counts = false,
            int? dim = null)
        {
            var found = dim is { } along
                ? Op.CallMany("aten::unique_dim", this, along, sorted, return_inverse, return_counts)
                : Op.CallMany("aten::_unique2", this, sorted, return_inverse, return_counts);
            return (found[0], Asked(found[1], return_inverse), Asked(found[2], return_counts));
        }

        private static Tensor? Asked(Tensor tensor, bool asked)
        {
            if (asked) return tensor;
            tensor.Dispose();
            return null;
        }
    }
}
