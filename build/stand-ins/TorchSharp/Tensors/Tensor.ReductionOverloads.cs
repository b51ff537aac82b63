namespace TorchSharp;

public static partial class torch
{
    // The forms that take their dimensions in another way than the operator does.
    public partial class Tensor
    {
        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) =>
            sum([dim0, dim1, dim2], keepdim, type);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => Extremum("aten::amax", dims, keepdim, @out);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            Extremum("aten::amax", dims.ToArray(), keepdim, @out);

        public Tensor amax(params long[] dims) => Extremum("aten::amax", dims, false, null);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => Extremum("aten::amin", dims, keepdim, @out);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            Extremum("aten::amin", dims.ToArray(), keepdim, @out);

        public Tensor amin(params long[] dims) => Extremum("aten::amin", dims, false, null);

        public Tensor count_nonzero(long[]? dims = null) =>
            dims is null ? Op.Call("aten::count_nonzero", this) : Op.Call("aten::count_nonzero.dim_IntList", this, dims);

        public Tensor norm(float p = 2) => Op.Call("aten::norm.Scalar", this, p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2) =>
            Op.Call("aten::norm.ScalarOpt_dim", this, p, new long[] { dim }, keepdim);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Pair(Op.CallMany("aten::sort.stable", this, stable, dim, descending));

        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) =>
            Pair(Op.CallMany("aten::kthvalue", this, k, dim ?? -1, keepdim));

        public Tensor std(bool unbiased = true) => Op.Call("aten::std", this, unbiased);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Spread("aten::std.dim", [dim], unbiased, keepdim, type);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Spread("aten::std.dim", dimensions, unbiased, keepdim, type);

        public Tensor std(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Spread("aten::std.dim", dimensions.ToArray(), unbiased, keepdim, type);

        public Tensor std((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Spread("aten::std.dim", [dim.Item1, dim.Item2], unbiased, keepdim, type);

        public Tensor var(bool unbiased = true) => Op.Call("aten::var", this, unbiased);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Spread("aten::var.dim", [dim], unbiased, keepdim, type);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Spread("aten::var.dim", dimensions, unbiased, keepdim, type);

        public Tensor var(ReadOnlySpan<long> dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Spread("aten::var.dim", dimensions.ToArray(), unbiased, keepdim, type);

        public Tensor var((long, long) dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Spread("aten::var.dim", [dim.Item1, dim.Item2], unbiased, keepdim, type);

        public (Tensor std, Tensor mean) std_mean(bool unbiased = true) => Pair(Op.CallMany("aten::std_mean", this, unbiased));

        public (Tensor var, Tensor mean) var_mean(bool unbiased = true) => Pair(Op.CallMany("aten::var_mean", this, unbiased));

        private static (Tensor First, Tensor Second) Pair(Tensor[] two) => (two[0], two[1]);

        private Tensor Extremum(string name, long[] dims, bool keepdim, Tensor? @out)
        {
            if (@out is null) return Op.Call(name, this, dims, keepdim);
            Op.Run(name + ".out", this, dims, keepdim, @out);
            return @out;
        }

        private Tensor Spread(string name, long[] dims, bool unbiased, bool keepdim, ScalarType? type)
        {
            var spread = Op.Call(name, this, dims, unbiased, keepdim);
            if (type is not { } wanted) return spread;
            using (spread) return spread.to_type(wanted);
        }
    }
}
