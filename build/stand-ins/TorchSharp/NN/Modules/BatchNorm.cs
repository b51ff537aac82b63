using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Normalizes each channel by the statistics of the batch and follows them in running_mean and running_var (training),
/// or by those running statistics (evaluation).
/// </summary>
public abstract class BatchNorm : NormBase
{
    public BatchNorm(
        long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype,
        string name) : base(num_features, eps, momentum, affine, track_running_stats, device, dtype, name)
    {
    }

    public override Tensor forward(Tensor input)
    {
        ValidateInputDimensions(input);

        var follow = momentum ?? 0;
        var learning = training;
        if (learning && num_batches_tracked is { } tracked)
        {
            Op.Run("aten::add_.Scalar", tracked, 1);
            if (momentum is null) follow = 1 / Count(tracked);
        }

        var (mean, variance) = (running_mean, running_var);
        var byBatch = learning || mean is null && variance is null;
        if (learning && !track_running_stats) mean = variance = null;
        return nn.functional.batch_norm(input, mean, variance, weight, bias, byBatch, follow, eps);
    }

    private static double Count(Tensor tracked)
    {
        // A 64-bit integer, or of the module's element type where that was given.
        using var count = Op.Call("aten::to.dtype", tracked, ScalarType.Float64);
        return Op.CallDouble("aten::item", count);
    }
}
