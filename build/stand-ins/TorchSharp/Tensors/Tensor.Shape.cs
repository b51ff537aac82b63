namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => Op.Call("aten::view", this, shape);

        public Tensor reshape(params long[] shape) => Op.Call("aten::reshape", this, shape);

        public Tensor permute(params long[] permutation) => Op.Call("aten::permute", this, permutation);

        public Tensor transpose(long dim0, long dim1) => Op.Call("aten::transpose.int", this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1) => InPlace("aten::transpose_", dim0, dim1);

        public Tensor t() => Op.Call("aten::t", this);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) =>
            Op.Call("aten::flatten.using_ints", this, start_dim, end_dim);

        public Tensor unsqueeze(long dim) => Op.Call("aten::unsqueeze", this, dim);

        public Tensor unsqueeze_(long dim) => InPlace("aten::unsqueeze_", dim);

        public Tensor expand_as(Tensor other) => Op.Call("aten::expand_as", this, other);

        public Tensor repeat(params long[] sizes) => Op.Call("aten::repeat", this, sizes);

        public Tensor tile(long[] reps) => Op.Call("aten::tile", this, reps);

        public Tensor narrow(long dim, long start, long length) => Op.Call("aten::narrow", this, dim, start, length);

        public Tensor select(long dim, long index) => Op.Call("aten::select.int", this, dim, index);

        public Tensor flip(params long[] dims) => Op.Call("aten::flip", this, dims);

        public Tensor fliplr() => Op.Call("aten::fliplr", this);

        public Tensor flipud() => Op.Call("aten::flipud", this);

        public Tensor moveaxis(long[] source, long[] destination) => Op.Call("aten::moveaxis.intlist", this, source, destination);

        public Tensor movedim(long[] source, long[] destination) => Op.Call("aten::movedim.intlist", this, source, destination);

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor tril(long diagonal = 0) => Op.Call("aten::tril", this, diagonal);

        public Tensor tril_(long diagonal = 0) => InPlace("aten::tril_", diagonal);

        public Tensor triu(long diagonal = 0) => Op.Call("aten::triu", this, diagonal);

        public Tensor triu_(long diagonal = 0) => InPlace("aten::triu_", diagonal);

        public Tensor diag(long diagonal = 0) => Op.Call("aten::diag", this, diagonal);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) =>
            Op.Call("aten::diagonal", this, offset, dim1, dim2);

        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) =>
            Op.Call("aten::diag_embed", this, offset, dim1, dim2);

        public Tensor diagflat(long offset = 0) => Op.Call("aten::diagflat", this, offset);

        public Tensor broadcast_to(params long[] shape) => Op.Call("aten::broadcast_to", this, shape);

        public Tensor ravel() => Op.Call("aten::ravel", this);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) =>
            Op.Call("aten::as_strided", this, size, strides, storageOffset);

        public Tensor unfold(long dimension, long size, long step) => Op.Call("aten::unfold", this, dimension, size, step);

        public Tensor contiguous() => Op.Call("aten::contiguous", this);

        public Tensor clone() => Op.Call("aten::clone", this);

        public Tensor detach() => Op.Call("aten::detach", this);

        public Tensor detach_() => InPlace("aten::detach_");

        public Tensor alias() => Op.Call("aten::alias", this);
    }
}
