namespace PipelineSdk.Benchmarks.Speed;

/// <summary>One contender's figures.</summary>
/// <param name="Name">Who.</param>
/// <param name="Seconds">Median seconds of a step.</param>
/// <param name="OverOneThread">Median over rounds of the speed over one thread that runs the same micro-batches.</param>
/// <param name="OverAllCores">The same over the uncut model on all cores.</param>
/// <param name="Bound">What the schedule allows over one thread, by the stage costs measured one after another; null without a pipeline.</param>
/// <param name="Rounds">The median of every round, in seconds.</param>
internal sealed record SpeedRow(string Name, double Seconds, double OverOneThread, double OverAllCores, double? Bound, IReadOnlyList<double> Rounds)
{
    /// <summary>How much of the bound was reached.</summary>
    public double? Efficiency => OverOneThread / Bound;
}
