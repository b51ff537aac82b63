using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>y = x·Wᵀ + b; x is […, in_features], W is [out_features, in_features].</summary>
public sealed class Linear : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
    {
        in_features = inputSize;
        out_features = outputSize;
        weight = new Parameter(Empty([outputSize, inputSize], dtype, device));
        nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
        if (!hasBias) return;

        bias = new Parameter(Empty([outputSize], dtype, device));
        var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
        nn.init.uniform_(bias, -bound, bound);
    }

    internal Linear(Parameter weight, Parameter? bias) : base(nameof(Linear))
    {
        in_features = weight.shape[1];
        out_features = weight.shape[0];
        this.weight = weight;
        if (bias is not null) this.bias = bias;
    }

    public long in_features { get; set; }

    public long out_features { get; set; }

    public Parameter weight
    {
        get => _weight!;
        set => Own(nameof(weight), ref _weight, value ?? throw new ArgumentNullException(nameof(weight)));
    }

    public Parameter? bias
    {
        get => _bias;
        set => Own(nameof(bias), ref _bias, value);
    }

    public override Tensor forward(Tensor tensor) => Op.Call("aten::linear", tensor, _weight, _bias);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _weight?.Dispose();
            _bias?.Dispose();
        }

        base.Dispose(disposing);
    }
}
