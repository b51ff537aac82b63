using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>
/// What is typical of a stage's actions of one kind: the median of the step's, in ticks. It takes no notice of the few that were
/// held up, which is what they are to be compared with.
/// </summary>
internal sealed class TypicalCosts
{
    private readonly Dictionary<(int Stage, ActionKind Kind), (long Median, int Count)> medians;
    private readonly Dictionary<ActionKind, double> means;

    public TypicalCosts(StepTimeline step, TimelineGraph graph)
    {
        medians = graph.Records
            .GroupBy(record => (record.Action.Stage, record.Action.Kind), record => record.Work.Ticks)
            .ToDictionary(group => group.Key, group => (Median([.. group]), group.Count()));
        means = Means();
        var workerOf = new Dictionary<int, int>();
        foreach (var record in graph.Records) workerOf.TryAdd(record.Action.Stage, record.Worker);
        Stages = [.. step.StageNames.Select((name, stage) => new StageTime(
            stage, name, workerOf.GetValueOrDefault(stage, -1), Time(stage, ActionKind.Forward), Time(stage, ActionKind.Backward),
            Time(stage, ActionKind.InputGradient), Time(stage, ActionKind.WeightGradient), new TimeSpan(WorkOf(stage) / Math.Max(1, step.MicroBatches))))];
    }

    /// <summary>The stages' costs.</summary>
    public IReadOnlyList<StageTime> Stages { get; }

    /// <summary>All actions at their typical cost.</summary>
    public long Work => medians.Values.Sum(cost => cost.Median * cost.Count);

    /// <summary>The typical cost of an action.</summary>
    public long Of(PipelineAction action) => medians[(action.Stage, action.Kind)].Median;

    /// <summary>The cost of an action if all stages took the same time; all actions together take as long as they do.</summary>
    public double Equal(PipelineAction action) => means[action.Kind];

    /// <summary>Whether actions like this one ran in its stage, so that their cost is known.</summary>
    public bool Knows(PipelineAction action) => medians.ContainsKey((action.Stage, action.Kind));

    // Some stages may run whole backwards and others split ones: a backward takes the same time in both, and is split everywhere alike.
    private Dictionary<ActionKind, double> Means()
    {
        var sums = medians.GroupBy(cost => cost.Key.Kind, cost => cost.Value)
            .ToDictionary(kind => kind.Key, kind => (Ticks: kind.Sum(cost => (double)cost.Median * cost.Count), Count: kind.Sum(cost => cost.Count)));
        var mean = sums.ToDictionary(kind => kind.Key, kind => kind.Value.Ticks / kind.Value.Count);
        if (!sums.TryGetValue(ActionKind.Backward, out var whole) || !sums.TryGetValue(ActionKind.InputGradient, out var input)
            || !sums.TryGetValue(ActionKind.WeightGradient, out var weight))
        {
            return mean;
        }

        mean[ActionKind.Backward] = (whole.Ticks + input.Ticks + weight.Ticks) / (whole.Count + input.Count);
        var share = input.Ticks / Math.Max(1, input.Ticks + weight.Ticks);
        mean[ActionKind.InputGradient] = mean[ActionKind.Backward] * share;
        mean[ActionKind.WeightGradient] = mean[ActionKind.Backward] * (1 - share);
        return mean;
    }

    private TimeSpan Time(int stage, ActionKind kind) => new(medians.GetValueOrDefault((stage, kind)).Median);

    private long WorkOf(int stage) => medians.Where(cost => cost.Key.Stage == stage).Sum(cost => cost.Value.Median * cost.Value.Count);

    private static long Median(long[] values)
    {
        Array.Sort(values);
        var (low, high) = (values[(values.Length - 1) / 2], values[values.Length / 2]);
        return low + ((high - low) / 2);
    }
}
