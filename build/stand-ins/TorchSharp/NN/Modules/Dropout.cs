using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Training: zeroes each element with probability p and divides the others by 1 − p; evaluation: nothing</summary>
public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
{
    internal Dropout(double p, bool inplace) : base(nameof(Dropout))
    {
        this.p = p;
        this.inplace = inplace;
    }

    public double p { get; set; }

    public bool inplace { get; set; }

    public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, p, training, inplace);
}
