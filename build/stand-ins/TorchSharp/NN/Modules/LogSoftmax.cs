using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>The logarithm of the softmax over a dimension</summary>
public sealed class LogSoftmax : ParameterLessModule<Tensor, Tensor>
{
    internal LogSoftmax(long dim) : base(nameof(LogSoftmax)) => this.dim = dim;

    public long dim { get; set; }

    public override Tensor forward(Tensor tensor) => nn.functional.log_softmax(tensor, dim);
}
