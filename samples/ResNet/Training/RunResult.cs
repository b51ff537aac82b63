using ResNet.Metrics;

namespace ResNet.Training;

/// <summary>What training one way came to.</summary>
/// <param name="Name">Which way.</param>
/// <param name="Steps">Every optimizer step, in order.</param>
/// <param name="Epochs">Every epoch, in order.</param>
/// <param name="TotalSeconds">All epochs together, evaluation not included.</param>
/// <param name="TestLoss">The mean loss over the test images after training.</param>
/// <param name="TestSeconds">The time of that evaluation.</param>
/// <param name="Scores">On the test images after training.</param>
internal sealed record RunResult(
    string Name, IReadOnlyList<StepTiming> Steps, IReadOnlyList<EpochResult> Epochs, double TotalSeconds,
    double TestLoss, double TestSeconds, Scores Scores)
{
    public double EpochSeconds => Epochs.Average(epoch => epoch.Seconds);

    public double ImagesPerSecond => Throughput.Of(Steps);
}
