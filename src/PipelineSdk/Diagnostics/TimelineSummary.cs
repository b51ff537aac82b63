using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>What a step's timeline adds up to: who was busy, how much of the time was bubble, what each stage cost.</summary>
public sealed class TimelineSummary
{
    private TimelineSummary(TimeSpan makespan, WorkerSummary[] workers, MeasuredCost[] costs)
    {
        Makespan = makespan;
        Workers = workers;
        Costs = costs;
        FlushBubbleFraction = Bubble(workers, makespan);
        SpanBubbleFraction = Bubble(workers, workers.Length == 0 ? TimeSpan.Zero : workers.Max(worker => worker.Span));
    }

    /// <summary>From the start of the first action of any worker to the end of the last.</summary>
    public TimeSpan Makespan { get; }

    /// <summary>Every worker, in order, also those that ran nothing.</summary>
    public IReadOnlyList<WorkerSummary> Workers { get; }

    /// <summary>What each stage cost by kind, measured, ordered by stage and kind. Only what ran is listed.</summary>
    public IReadOnlyList<MeasuredCost> Costs { get; }

    /// <summary>
    /// The share of all workers' time without work, from the first start to the last end: (makespan - busy) / makespan, over all workers.
    /// It is what a step with a flush pays. For equal stages GPipe and 1F1B have (p-1)/(m+p-1).
    /// </summary>
    public double FlushBubbleFraction { get; }

    /// <summary>
    /// The same share of the longest time any worker spent between its own first start and last end. It is what remains of the
    /// bubble where workers need not wait for each other between steps (Qi et al., Zero Bubble Pipeline Parallelism, 2023).
    /// </summary>
    public double SpanBubbleFraction { get; }

    /// <summary>Adds a timeline up.</summary>
    public static TimelineSummary Of(StepTimeline timeline)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        var actions = timeline.Actions;
        var makespan = actions.Count == 0
            ? TimeSpan.Zero
            : actions.Max(action => action.End) - actions.Min(action => action.Start);
        var byWorker = actions.ToLookup(action => action.Worker);
        var workers = Enumerable.Range(0, timeline.Workers).Select(worker => SummarizeWorker(timeline, worker, [.. byWorker[worker]]));
        var costs = actions
            .GroupBy(action => (action.Action.Stage, action.Action.Kind))
            .OrderBy(group => group.Key.Stage).ThenBy(group => group.Key.Kind)
            .Select(group => new MeasuredCost(group.Key.Stage, group.Key.Kind, group.Count(), Sum(group, action => action.End - action.Start)));
        return new TimelineSummary(makespan, [.. workers], [.. costs]);
    }

    /// <summary>The mean time of a stage's actions of one kind, or null where none ran.</summary>
    public TimeSpan? MeanCost(int stage, ActionKind kind)
    {
        foreach (var cost in Costs)
        {
            if (cost.Stage == stage && cost.Kind == kind) return cost.Mean;
        }

        return null;
    }

    private static WorkerSummary SummarizeWorker(StepTimeline timeline, int worker, ActionRecord[] actions)
    {
        if (actions.Length == 0) return new WorkerSummary(worker, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0);
        return new WorkerSummary(
            worker,
            actions.Length,
            Busy: Sum(actions, action => action.End - action.Start),
            Wait: Sum(actions, action => action.Start - action.WaitStart),
            Span: actions.Max(action => action.End) - actions.Min(action => action.Start),
            PeakInFlight: timeline.InFlightOf(worker).Max(sample => sample.Count));
    }

    private static double Bubble(WorkerSummary[] workers, TimeSpan cost)
    {
        if (cost <= TimeSpan.Zero) return 0;
        var busy = workers.Sum(worker => worker.Busy.Ticks);
        return 1 - (busy / ((double)cost.Ticks * workers.Length));
    }

    private static TimeSpan Sum(IEnumerable<ActionRecord> actions, Func<ActionRecord, TimeSpan> part) =>
        new(actions.Sum(action => part(action).Ticks));
}
