using PipelineSdk.Diagnostics;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Steps of a pipeline.</summary>
internal sealed class Pipelined(string name, Func<StepTimeline> step, IDisposable pipeline) : Contender(name, ContenderKind.Pipeline)
{
    private readonly List<double> ofOwnBound = [];

    /// <summary>Workers.</summary>
    public int Workers { get; init; }

    /// <summary>What the schedule allows over one thread on cores that do not disturb each other.</summary>
    public double Bound { get; init; }

    /// <summary>See <see cref="PipelineLimits.OfOwnBound"/>: of the steps since <see cref="WarmUp"/>.</summary>
    public double OfOwnBound => Statistics.Median(ofOwnBound);

    public override IReadOnlyList<double> Run(int steps)
    {
        var timelines = new List<StepTimeline>();
        var times = Time(steps, () => timelines.Add(step()));
        ofOwnBound.AddRange(timelines.Select(timeline => timeline.Explain()).Select(explanation => explanation.Bound / explanation.Actual));
        return times;
    }

    public override void WarmUp(int steps)
    {
        base.WarmUp(steps);
        ofOwnBound.Clear();
    }

    public override void Dispose()
    {
        base.Dispose();
        pipeline.Dispose();
    }
}
