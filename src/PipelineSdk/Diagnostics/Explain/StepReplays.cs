namespace PipelineSdk.Diagnostics;

/// <summary>The step's program on paper, with one cause of delay more from run to run; what each run takes longer is due to that cause.</summary>
internal sealed class StepReplays
{
    private readonly StepTimeline step;
    private readonly TimelineGraph graph;

    public StepReplays(StepTimeline step, TimelineGraph graph, TypicalCosts costs)
    {
        this.step = step;
        this.graph = graph;
        Delays = [.. Enumerable.Range(0, graph.Records.Length).Select(id => Replay.Delays.Of(graph, id))];
        Equal = Replay.Run(graph, id => costs.Equal(graph.Records[id].Action));
        Typical = Replay.Run(graph, id => costs.Of(graph.Records[id].Action));
        Varied = Replay.Run(graph, WorkWithoutPauses);
        Paused = Replay.Run(graph, Work);
        HandedOver = Replay.Run(graph, Work, id => Delays[id] with { Dispatch = 0 });

        Ideal = Time((double)costs.Work / Math.Max(1, step.Workers));
        Bound = Time(Typical.Makespan);
        Lost = new LostTime(
            ScheduleBubble: Time(Equal.Makespan) - Ideal,
            Imbalance: Bound - Time(Equal.Makespan),
            Variation: Time(Varied.Makespan) - Bound,
            GarbageCollection: Time(Paused.Makespan) - Time(Varied.Makespan),
            HandOver: Time(HandedOver.Makespan) - Time(Paused.Makespan),
            Host: step.Duration - Time(HandedOver.Makespan));

        double Work(int id) => graph.Records[id].Work.Ticks;

        // Native code goes on while the collector pauses managed threads: an action lost to a pause at most what it was slower.
        double WorkWithoutPauses(int id)
        {
            var record = graph.Records[id];
            return record.Work.Ticks - Math.Min(record.Paused.Ticks, Math.Max(0, record.Work.Ticks - costs.Of(record.Action)));
        }
    }

    public TimeSpan Ideal { get; }

    public TimeSpan Bound { get; }

    public LostTime Lost { get; }

    /// <summary>The delays of each action as recorded.</summary>
    public Replay.Delays[] Delays { get; }

    /// <summary>Every action takes the mean time of its kind.</summary>
    public Replay Equal { get; }

    /// <summary>Every action takes its stage's typical time.</summary>
    public Replay Typical { get; }

    /// <summary>Every action takes the time it took, without pauses of the collector.</summary>
    public Replay Varied { get; }

    /// <summary>Every action takes the time it took.</summary>
    public Replay Paused { get; }

    /// <summary>The same, and inputs come as late as they came.</summary>
    public Replay HandedOver { get; }

    /// <summary>The run with typical costs as a timeline.</summary>
    public StepTimeline Planned() => new()
    {
        Pipeline = step.Pipeline,
        Step = step.Step,
        Schedule = step.Schedule,
        Rule = step.Rule,
        Mode = step.Mode,
        Workers = step.Workers,
        MicroBatches = step.MicroBatches,
        StageNames = step.StageNames,
        StartedAt = step.StartedAt,
        Duration = Bound,
        Actions = [.. graph.Records.Select((record, id) => new ActionRecord(
            record.Worker, record.Slot, record.Action, WaitStart: graph.Before[id] == TimelineGraph.None ? TimeSpan.Zero : Time(Typical.WorkEnd[graph.Before[id]]),
            Start: Time(Typical.Start[id]), End: Time(Typical.WorkEnd[id]), record.Bytes))],
    };

    private static TimeSpan Time(double ticks) => new((long)Math.Round(ticks));
}
