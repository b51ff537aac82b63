namespace TorchSharp.Modules;

/// <summary>A tensor that modules register as theirs. It takes over the native reference of the tensor it is made of, which is empty afterwards.</summary>
public class Parameter : torch.Tensor
{
    public Parameter(torch.Tensor data, bool requires_grad = true)
        : base(data.requires_grad_(requires_grad).MoveHandle(), register: false) => DisposeScope.ReplaceWith(data, this);

    internal Parameter(nint handle)
        : base(handle)
    {
    }
}
