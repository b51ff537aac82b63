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

    /// <summary>The schedule itself, where it is known: what more micro-batches would bring can be simulated with it.</summary>
    public PipelineSchedule? Rule { get; init; }

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

    /// <summary>Every action, worker by worker, in the order each worker ran them; where the step failed, those that ran, the failed one among them.</summary>
    public required IReadOnlyList<ActionRecord> Actions { get; init; }

    /// <summary>Samples in the mini-batch; 0 where the timeline is not of a pipeline's step.</summary>
    public long Samples { get; init; }

    /// <summary>The device that the stages compute on, such as <c>cpu</c>; where there are several, each once: <c>cuda:0, cuda:1</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>The device of each stage, in order; empty where all compute on <see cref="Device"/>.</summary>
    public IReadOnlyList<string> StageDevices { get; init; } = [];

    /// <summary>Whether actions of stages on CUDA devices ended when the device had done its work: see <see cref="PipelineOptions.SynchronizedTiming"/>.</summary>
    public bool IsSynchronized { get; init; }

    /// <summary>How long the garbage collector paused the process's managed threads while the step ran.</summary>
    public TimeSpan GarbageCollection { get; init; }

    /// <summary>What the step failed with, a <see cref="PipelineException"/> or a cancellation; null where it succeeded.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Actions of the schedule that did not run because the step was given up; 0 where it succeeded.</summary>
    public int ActionsNotRun { get; init; }

    /// <summary>The device of a stage.</summary>
    public string DeviceOf(int stage) => stage < StageDevices.Count ? StageDevices[stage] : Device;

    /// <summary>What the times of a stage's actions mean, as <see cref="PipelineAttributes.Timing"/> says it.</summary>
    public string TimingOf(int stage) => PipelineAttributes.TimingOf(IsSynchronized && DeviceOf(stage).StartsWith("cuda", StringComparison.Ordinal));

    /// <summary>Where the step's time went: ideal, bound and actual time, and the difference by cause, to the tick.</summary>
    /// <exception cref="InvalidOperationException">The actions wait for each other in a circle: no pipeline recorded them.</exception>
    public StepExplanation Explain() => StepExplanation.Of(this);

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
