using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalizes each sample over its last dimensions, whose sizes are normalized_shape.</summary>
public sealed class LayerNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal LayerNorm(
        long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype)
        : base(nameof(LayerNorm))
    {
        this.normalized_shape = normalized_shape;
        this.eps = eps;
        this.elementwise_affine = elementwise_affine;
        if (elementwise_affine)
        {
            weight = new Parameter(Empty(normalized_shape, dtype, device));
            if (bias) this.bias = new Parameter(Empty(normalized_shape, dtype, device));
        }

        reset_parameters();
    }

    public long[] normalized_shape { get; set; }

    public double eps { get; set; }

    public bool elementwise_affine { get; set; }

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

    public void reset_parameters()
    {
        if (elementwise_affine) nn.init.ones_(weight);
        if (bias is not null) nn.init.zeros_(bias);
    }

    public override Tensor forward(Tensor tensor) => nn.functional.layer_norm(tensor, normalized_shape, _weight, _bias, eps);

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
