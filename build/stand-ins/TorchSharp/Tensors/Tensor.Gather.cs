namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor gather(long dim, Tensor index) => Op.Call("aten::gather", this, dim, index);

        public Tensor scatter(long dim, Tensor index, Tensor src) => Op.Call("aten::scatter.src", this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src) => InPlace("aten::scatter_.src", dim, index, src);

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => Op.Call("aten::scatter_add", this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src) => InPlace("aten::scatter_add_", dim, index, src);

        public Tensor index_select(long dim, Tensor index) => Op.Call("aten::index_select", this, dim, index);

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            Op.Call("aten::index_add", this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) =>
            InPlace("aten::index_add_", dim, index, source, alpha);

        public Tensor index_copy(long dim, Tensor index, Tensor source) => Op.Call("aten::index_copy", this, dim, index, source);

        public Tensor index_copy_(long dim, Tensor index, Tensor source) => InPlace("aten::index_copy_", dim, index, source);

        public Tensor index_fill(long dim, Tensor index, Scalar value) =>
            Op.Call("aten::index_fill.int_Scalar", this, dim, index, value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value) =>
            InPlace("aten::index_fill_.int_Scalar", dim, index, value);

        public Tensor masked_fill(Tensor mask, Scalar value) => Op.Call("aten::masked_fill.Scalar", this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value) => InPlace("aten::masked_fill_.Scalar", mask, value);

        public Tensor masked_select(Tensor mask) => Op.Call("aten::masked_select", this, mask);

        public Tensor masked_scatter(Tensor mask, Tensor value) => Op.Call("aten::masked_scatter", this, mask, value);

        public Tensor masked_scatter_(Tensor mask, Tensor value) => InPlace("aten::masked_scatter_", mask, value);

        public Tensor take(Tensor index) => Op.Call("aten::take", this, index);

        public Tensor select_scatter(Tensor src, long dim, long index) => Op.Call("aten::select_scatter", this, src, dim, index);

        public Tensor slice_scatter(Tensor src, long dim = 0, long? start = null, long? end = null, long step = 1) =>
            Op.Call("aten::slice_scatter", this, src, dim, start, end, step);

        public Tensor diagonal_scatter(Tensor src, long offset = 0, long dim1 = 0, long dim2 = 1) =>
            Op.Call("aten::diagonal_scatter", this, src, offset, dim1, dim2);
    }
}
