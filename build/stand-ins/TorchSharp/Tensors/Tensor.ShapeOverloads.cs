namespace TorchSharp;

public static partial class torch
{
    // The forms that take sizes, dimensions or parts in another way than the operator does.
    public partial class Tensor
    {
        public Tensor squeeze(long? dim = null) =>
            dim is { } one ? Op.Call("aten::squeeze.dim", this, one) : Op.Call("aten::squeeze", this);

        public Tensor squeeze_(long? dim = null) => dim is { } one ? InPlace("aten::squeeze_.dim", one) : InPlace("aten::squeeze_");

        public Tensor expand(params long[] sizes) => Op.Call("aten::expand", this, sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => Op.Call("aten::expand", this, sizes, isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => Op.Call("aten::expand", this, sizes, isImplicit);

        public Tensor expand(Size sizes, bool isImplicit = false) => Op.Call("aten::expand", this, sizes.Shape, isImplicit);

        public Tensor view_as(Tensor other) => view(other.shape);

        public Tensor unflatten(long dim, params long[] sizes) => Op.Call("aten::unflatten.int", this, dim, sizes);

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            Op.Call("aten::repeat_interleave.self_int", this, repeats, dim, output_size);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            Op.Call("aten::repeat_interleave.self_Tensor", this, repeats, dim, output_size);

        public Tensor roll(long shifts, long? dims = null) =>
            Op.Call("aten::roll", this, new[] { shifts }, dims is { } dim ? new[] { dim } : []);

        public Tensor roll(long[] shifts) => Op.Call("aten::roll", this, shifts);

        public Tensor roll(long[] shifts, long[] dims) => Op.Call("aten::roll", this, shifts, dims);

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => Op.Call("aten::roll", this, shifts, dims);

        public Tensor roll((long, long) shifts, (long, long) dims) =>
            roll(new[] { shifts.Item1, shifts.Item2 }, new[] { dims.Item1, dims.Item2 });

        public Tensor slice(long dim, long start, long finish, long step) =>
            Op.Call("aten::slice.Tensor", this, dim, start, finish, step);

        public Tensor[] split(long size, int dim = 0) => Op.CallMany("aten::split.Tensor", this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0) => Op.CallMany("aten::split_with_sizes", this, sizes, dim);

        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => Op.CallMany("aten::split_with_sizes", this, sizes, dim);

        public Tensor[] split(params long[] sizes) => Op.CallMany("aten::split_with_sizes", this, sizes);

        public Tensor[] chunk(long chunks, long dim = 0) => Op.CallMany("aten::chunk", this, chunks, dim);

        public Tensor[] unbind(long dimension = 0) => Op.CallMany("aten::unbind.int", this, dimension);

        public Tensor[] tensor_split(long size, long dim = 0) => Op.CallMany("aten::tensor_split.sections", this, size, dim);

        public Tensor[] tensor_split(long[] sizes, long dim = 0) => Op.CallMany("aten::tensor_split.indices", this, sizes, dim);

        public Tensor[] tensor_split(Tensor indices, long dim = 0) =>
            Op.CallMany("aten::tensor_split.tensor_indices_or_sections", this, indices, dim);

        public Tensor tensordot(Tensor b, long dims = 2)
        {
            var last = Enumerable.Range(0, (int)dims).Select(dim => ndim - dims + dim).ToArray();
            return tensordot(b, last, Enumerable.Range(0, (int)dims).Select(dim => (long)dim).ToArray());
        }

        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Op.Call("aten::tensordot", this, b, dims1, dims2);

        public Tensor tensordot(Tensor b, (long, long)[] dims) =>
            tensordot(b, dims.Select(pair => pair.Item1).ToArray(), dims.Select(pair => pair.Item2).ToArray());

        public Tensor take_along_dim(Tensor indices) => Op.Call("aten::take_along_dim", this, indices);

        public Tensor take_along_dim(Tensor indices, long dim) => Op.Call("aten::take_along_dim", this, indices, dim);
    }

    public static Tensor movedim(Tensor input, long source, long destination) => input.movedim([source], [destination]);

    public static Tensor moveaxis(Tensor input, long source, long destination) => input.moveaxis([source], [destination]);

    public static Tensor[] chunk(Tensor input, long chunks, long dim = 0) => input.chunk(chunks, dim);

    public static Tensor[] unbind(Tensor input, long dim = 0) => input.unbind(dim);
}
