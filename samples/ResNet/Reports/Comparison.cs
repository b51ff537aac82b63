using ResNet.Training;

namespace ResNet.Reports;

/// <summary>The uncut run and the pipeline's, side by side.</summary>
/// <param name="Sequential">Uncut, one thread, with the same micro-batches.</param>
/// <param name="Pipeline">Through the pipeline.</param>
/// <param name="AllCoresImagesPerSecond">Uncut, the whole batch at once, all cores.</param>
/// <param name="Bound">What the schedule leaves room for.</param>
internal sealed record Comparison(RunResult Sequential, RunResult Pipeline, double AllCoresImagesPerSecond, Bound Bound)
{
    public double SpeedUpOverOneThread => Pipeline.ImagesPerSecond / Sequential.ImagesPerSecond;

    public double SpeedUpOverAllCores => Pipeline.ImagesPerSecond / AllCoresImagesPerSecond;

    public double ShareOfBound => SpeedUpOverOneThread / Bound.SpeedUp;

    /// <summary>
    /// The work of all stages for a batch over the time one thread takes for it: above 1 where stages that run at once slow each other
    /// down (caches, memory). Says nothing where there are more stages than cores.
    /// </summary>
    public double WorkOverOneThread => Bound.SecondsPerImage * Sequential.ImagesPerSecond;

    /// <summary>The largest difference between the losses of the two runs at the same step.</summary>
    public double LargestLossDifference => Sequential.Steps.Zip(Pipeline.Steps, (a, b) => Math.Abs(a.Loss - b.Loss)).Max();
}
