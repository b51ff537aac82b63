using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>The keys of the attributes on PipelineSdk's spans and instruments. The same table, with examples, is in docs/telemetry.md.</summary>
public static class PipelineAttributes
{
    /// <summary>string: the pipeline's name.</summary>
    public const string PipelineName = "pipelinesdk.pipeline.name";

    /// <summary>string: the schedule's name, such as <c>1F1B</c>.</summary>
    public const string ScheduleName = "pipelinesdk.schedule.name";

    /// <summary>string: what ran, <c>train</c>, <c>forward</c> or <c>evaluate</c>.</summary>
    public const string Mode = "pipelinesdk.mode";

    /// <summary>int: the step's number, from 0 over the life of the pipeline.</summary>
    public const string Step = "pipelinesdk.step";

    /// <summary>int: how many workers the step ran on.</summary>
    public const string WorkerCount = "pipelinesdk.worker.count";

    /// <summary>int: how many micro-batches the mini-batch was split into.</summary>
    public const string MicroBatchCount = "pipelinesdk.microbatch.count";

    /// <summary>int: samples in the mini-batch.</summary>
    public const string Samples = "pipelinesdk.samples";

    /// <summary>double, in s: how long the garbage collector paused the process's managed threads while the step ran.</summary>
    public const string GcPauseDuration = "pipelinesdk.gc.pause.duration";

    /// <summary>int, only on failure: actions of the schedule that did not run because the step was given up.</summary>
    public const string ActionsNotRun = "pipelinesdk.actions.not_run";

    /// <summary>int, only in files, on the resource: steps of the run that the file leaves out.</summary>
    public const string DroppedSteps = "pipelinesdk.steps.dropped";

    /// <summary>int: the worker that ran the action, from 0.</summary>
    public const string WorkerIndex = "pipelinesdk.worker.index";

    /// <summary>int: the action's position in its worker's program, from 0.</summary>
    public const string Slot = "pipelinesdk.slot";

    /// <summary>int: the stage, from 0.</summary>
    public const string StageIndex = "pipelinesdk.stage.index";

    /// <summary>string: the stage's name.</summary>
    public const string StageName = "pipelinesdk.stage.name";

    /// <summary>int: the micro-batch, from 0.</summary>
    public const string MicroBatchIndex = "pipelinesdk.microbatch.index";

    /// <summary>string: what was computed, <c>forward</c>, <c>backward</c>, <c>input_gradient</c> or <c>weight_gradient</c>.</summary>
    public const string Phase = "pipelinesdk.phase";

    /// <summary>string: the device the stage computes on, such as <c>cpu</c>.</summary>
    public const string Device = "pipelinesdk.device";

    /// <summary>
    /// string: what the span's times mean. <c>host</c>: when the thread called and returned, which on an asynchronous device is the
    /// time to enqueue, and on the CPU the time of the work; <c>synchronized</c>: the device was waited for (<see cref="PipelineOptions.SynchronizedTiming"/>).
    /// </summary>
    public const string Timing = "pipelinesdk.timing";

    /// <summary>double, in s: how long the worker waited for the action's input before the span began.</summary>
    public const string WaitDuration = "pipelinesdk.wait.duration";

    /// <summary>int, in By: bytes of tensors handed to the next worker; 0 where nothing was handed over.</summary>
    public const string HandoverSize = "pipelinesdk.handover.size";

    /// <summary>double, in s, only where it happened: how long a backward, at its beginning, ran the stage's forward again.</summary>
    public const string RecomputeDuration = "pipelinesdk.recompute.duration";

    /// <summary>int: the managed id of the thread that did the work (OpenTelemetry's own key).</summary>
    public const string ThreadId = "thread.id";

    /// <summary>string: the name of the thread that did the work (OpenTelemetry's own key).</summary>
    public const string ThreadName = "thread.name";

    /// <summary>string, only on failure: the exception's type (OpenTelemetry's own key).</summary>
    public const string ErrorType = "error.type";

    /// <summary>What <see cref="Timing"/> says.</summary>
    /// <param name="synchronized">Whether the device was waited for.</param>
    internal static string TimingOf(bool synchronized) => synchronized ? "synchronized" : "host";

    /// <summary>What <see cref="Phase"/> says of an action of this kind.</summary>
    public static string PhaseOf(ActionKind kind) => kind switch
    {
        ActionKind.Forward => "forward",
        ActionKind.Backward => "backward",
        ActionKind.InputGradient => "input_gradient",
        ActionKind.WeightGradient => "weight_gradient",
        _ => "update",
    };
}
