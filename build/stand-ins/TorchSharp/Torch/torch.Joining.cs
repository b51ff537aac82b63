namespace TorchSharp;

public static partial class torch
{
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Op.Call("aten::cat", tensors.ToArray(), dim);

    public static Tensor concat(IList<Tensor> tensors, long dim = 0) => cat(tensors, dim);

    public static Tensor concatenate(IList<Tensor> tensors, long axis = 0) => cat(tensors, axis);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Op.Call("aten::stack", tensors.ToArray(), dim);

    public static Tensor hstack(IList<Tensor> tensors) => Op.Call("aten::hstack", tensors.ToArray());

    public static Tensor hstack(params Tensor[] tensors) => Op.Call("aten::hstack", tensors);

    public static Tensor hstack(IEnumerable<Tensor> tensors) => Op.Call("aten::hstack", tensors.ToArray());

    public static Tensor vstack(IList<Tensor> tensors) => Op.Call("aten::vstack", tensors.ToArray());

    public static Tensor dstack(IList<Tensor> tensors) => Op.Call("aten::dstack", tensors.ToArray());

    public static Tensor dstack(params Tensor[] tensors) => Op.Call("aten::dstack", tensors);

    public static Tensor dstack(IEnumerable<Tensor> tensors) => Op.Call("aten::dstack", tensors.ToArray());

    public static Tensor block_diag(params Tensor[] tensors) => Op.Call("aten::block_diag", tensors);

    public static IList<Tensor> broadcast_tensors(params Tensor[] tensors) => Op.CallMany("aten::broadcast_tensors", tensors);

    public static Tensor[] meshgrid(IEnumerable<Tensor> tensors, string indexing = "ij") =>
        Op.CallMany("aten::meshgrid.indexing", tensors.ToArray(), indexing);

    public static Tensor einsum(string equation, params Tensor[] tensors) => Op.Call("aten::einsum", equation, tensors);

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Op.Call("aten::where.self", condition, x, y);

    public static Tensor[] where(Tensor condition) => Op.CallMany("aten::where", condition);

    public partial class Tensor
    {
        public Tensor where(Tensor condition, Tensor y) => torch.where(condition, this, y);
    }
}
