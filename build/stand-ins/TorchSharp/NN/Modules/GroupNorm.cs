using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Normalizes each sample over groups of its channels; input [N, C, …].</summary>
public sealed class GroupNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype)
        : base(nameof(GroupNorm))
    {
        this.num_groups = num_groups;
        this.eps = eps;
        this.affine = affine;
        if (!affine) return;

        weight = new Parameter(Empty([num_channels], dtype, device));
        bias = new Parameter(Empty([num_channels], dtype, device));
        nn.init.ones_(weight);
        nn.init.zeros_(bias);
    }

    public long num_groups { get; set; }

    public double eps { get; set; }

    public bool affine { get; set; }

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

    /// <exception cref="ArgumentException">The input has fewer than three dimensions.</exception>
    public override Tensor forward(Tensor tensor)
    {
        if (tensor.ndim < 3) throw new ArgumentException($"Invalid number of dimensions for GroupNorm argument: {tensor.ndim}");
        return nn.functional.group_norm(tensor, num_groups, _weight, _bias, eps);
    }

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
