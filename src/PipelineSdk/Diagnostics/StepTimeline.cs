using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>One step as it really ran: every action of every worker. The source of spans, metrics and Gantt files.</summary>
public sealed class StepTimeline
{
    /// <summary>The pipeline's name.</summary>
    public required string Pipeline { get; init; }

    /// <summary>The step's number, counted from 0 over the life of the pipeline.</summary>
    public required long Step { get; init; }

    /// <summary>The schedule's name.</summary>
    public required string Schedule { get; init; }

    /// <summary>What ran: <c>train</c>, <c>forward</c> or <c>evaluate</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>How many workers there are.</summary>
    public required int Workers { get; init; }

    /// <summary>How many micro-batches the mini-batch was split into.</summary>
    public required int MicroBatches { get; init; }

    /// <summary>The stages' names, in order.</summary>
    public required IReadOnlyList<string> StageNames { get; init; }

    /// <summary>The wall-clock time at which the step began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the call until the last worker was done.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Every action, worker by worker, in the order each worker ran them.</summary>
    public required IReadOnlyList<ActionRecord> Actions { get; init; }

    /// <summary>
    /// How many forwards' activations a worker held over time. In training a forward is held from its start to the end of the action
    /// that gives its weights' gradients; without gradients only while it runs.
    /// </summary>
    /// <returns>One sample per change, in time order; empty for a worker that ran nothing.</returns>
    public IReadOnlyList<InFlightSample> InFlightOf(int worker)
    {
        var samples = new List<InFlightSample>();
        var held = new HashSet<(int Stage, int MicroBatch)>();
        foreach (var record in Actions)
        {
            if (record.Worker != worker) continue;
            var key = (record.Action.Stage, record.Action.MicroBatch);
            var isForward = record.Action.Kind == ActionKind.Forward;
            if (isForward && held.Add(key)) samples.Add(new InFlightSample(record.Start, held.Count));

            var releases = isForward ? Mode != "train" : record.Action.Kind is ActionKind.Backward or ActionKind.WeightGradient;
            if (releases && held.Remove(key)) samples.Add(new InFlightSample(record.End, held.Count));
        }

        return samples;
    }
}
