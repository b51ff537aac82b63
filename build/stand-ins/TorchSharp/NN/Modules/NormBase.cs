using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Scale, shift and running statistics of a normalization over num_features channels.</summary>
public abstract class NormBase : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    [ComponentName(Name = nameof(bias))]
    private Parameter? _bias;

    [ComponentName(Name = nameof(running_mean))]
    private Tensor? _running_mean;

    [ComponentName(Name = nameof(running_var))]
    private Tensor? _running_var;

    [ComponentName(Name = nameof(num_batches_tracked))]
    private Tensor? _num_batches_tracked;

    public NormBase(
        long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype,
        string name) : base(name)
    {
        this.num_features = num_features;
        this.eps = eps;
        this.momentum = momentum;
        this.affine = affine;
        this.track_running_stats = track_running_stats;

        if (affine)
        {
            weight = new Parameter(Empty([num_features], dtype, device));
            bias = new Parameter(Empty([num_features], dtype, device));
        }

        if (track_running_stats)
        {
            running_mean = Empty([num_features], dtype, device);
            running_var = Empty([num_features], dtype, device);
            num_batches_tracked = Empty([], dtype ?? ScalarType.Int64, device);
        }

        reset_parameters();
    }

    public long num_features { get; private set; }

    public double eps { get; set; }

    public double? momentum { get; set; }

    public bool affine { get; private set; }

    public bool track_running_stats { get; private set; }

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

    public Tensor? running_mean
    {
        get => _running_mean;
        set => Own(nameof(running_mean), ref _running_mean, value);
    }

    public Tensor? running_var
    {
        get => _running_var;
        set => Own(nameof(running_var), ref _running_var, value);
    }

    public Tensor? num_batches_tracked
    {
        get => _num_batches_tracked;
        set => Own(nameof(num_batches_tracked), ref _num_batches_tracked, value);
    }

    public void reset_parameters()
    {
        reset_running_stats();
        if (!affine) return;
        nn.init.ones_(weight);
        nn.init.zeros_(bias!);
    }

    public void reset_running_stats()
    {
        if (!track_running_stats) return;
        nn.init.zeros_(running_mean!);
        nn.init.ones_(running_var!);
        nn.init.zeros_(num_batches_tracked!);
    }

    /// <exception cref="ArgumentException">The input has a number of dimensions that the module does not take.</exception>
    protected abstract void ValidateInputDimensions(Tensor input);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _weight?.Dispose();
            _bias?.Dispose();
            _running_mean?.Dispose();
            _running_var?.Dispose();
            _num_batches_tracked?.Dispose();
        }

        base.Dispose(disposing);
    }
}
