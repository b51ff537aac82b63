using System.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>The span of a running step, from which workers begin the spans of their actions.</summary>
/// <remarks>
/// Workers outlive steps, and a thread's current activity outlives what set it. So the parent is always given, never taken from the
/// thread, and a worker begins and ends a span on its own thread, which leaves that thread's current activity as it was.
/// </remarks>
internal sealed class StepSpan
{
    private readonly Activity activity;
    private readonly StepClock clock;
    private readonly string pipeline;
    private readonly string schedule;
    private readonly object step;

    internal StepSpan(Activity activity, in StepClock clock, string pipeline, string schedule, long step)
    {
        this.activity = activity;
        this.clock = clock;
        this.pipeline = pipeline;
        this.schedule = schedule;
        this.step = step;
        Context = activity.Context;
    }

    /// <summary>The step's own context: the parent of every action.</summary>
    public ActivityContext Context { get; }

    /// <summary>Begins the span of an action on the worker's thread, at the moment its input is there.</summary>
    /// <param name="action">Stage, kind and micro-batch.</param>
    /// <param name="stageName">The stage's name.</param>
    /// <param name="worker">The worker.</param>
    /// <param name="slot">The action's position in the worker's program.</param>
    /// <param name="device">The stage's device.</param>
    /// <param name="producer">The context of the span that sent the input; default where nobody did.</param>
    /// <param name="waitStart">The <see cref="Stopwatch"/> timestamp at which the worker turned to the action.</param>
    /// <param name="start">The <see cref="Stopwatch"/> timestamp at which the work began.</param>
    /// <param name="synchronized">Whether the action ends when the device has done the work.</param>
    /// <returns>The span, or null where the sampler does not want it.</returns>
    public Activity? StartAction(
        PipelineAction action, string stageName, int worker, int slot, string device, in ActivityContext producer, long waitStart, long start, bool synchronized = false)
    {
        // Links are given at creation: samplers see no others.
        ActivityLink[]? links = producer == default ? null : [new ActivityLink(producer)];
        var span = PipelineTelemetry.Start(PipelineSdkDiagnostics.SpanOf(action.Kind), Context, links, clock.At(start));
        if (span is not { IsAllDataRequested: true }) return span;

        span.AddTag(PipelineAttributes.PipelineName, pipeline);
        span.AddTag(PipelineAttributes.ScheduleName, schedule);
        span.AddTag(PipelineAttributes.Step, step);
        span.AddTag(PipelineAttributes.WorkerIndex, Boxes.Of(worker));
        span.AddTag(PipelineAttributes.Slot, Boxes.Of(slot));
        span.AddTag(PipelineAttributes.StageIndex, Boxes.Of(action.Stage));
        span.AddTag(PipelineAttributes.StageName, stageName);
        span.AddTag(PipelineAttributes.MicroBatchIndex, Boxes.Of(action.MicroBatch));
        span.AddTag(PipelineAttributes.Phase, PipelineAttributes.PhaseOf(action.Kind));
        span.AddTag(PipelineAttributes.Device, device);
        span.AddTag(PipelineAttributes.Timing, PipelineAttributes.TimingOf(synchronized));
        // As the record has it: both ends rounded to ticks of the step.
        span.AddTag(PipelineAttributes.WaitDuration, (clock.Since(start) - clock.Since(waitStart)).TotalSeconds);
        span.AddTag(PipelineAttributes.ThreadId, Boxes.Of(Environment.CurrentManagedThreadId));
        span.AddTag(PipelineAttributes.ThreadName, Thread.CurrentThread.Name);
        return span;
    }

    /// <summary>Ends the span of an action, on the thread that began it.</summary>
    /// <param name="action">What <see cref="StartAction"/> returned.</param>
    /// <param name="bytes">Bytes handed over.</param>
    /// <param name="end">The <see cref="Stopwatch"/> timestamp at which the output had been handed over.</param>
    /// <param name="error">What the action failed with.</param>
    /// <param name="recomputeTicks">How long the forward was run again, in ticks of <see cref="Stopwatch"/>.</param>
    public void EndAction(Activity? action, long bytes, long end, Exception? error = null, long recomputeTicks = 0)
    {
        if (action is null) return;
        if (action.IsAllDataRequested)
        {
            action.AddTag(PipelineAttributes.HandoverSize, bytes);
            if (recomputeTicks > 0) action.AddTag(PipelineAttributes.RecomputeDuration, Stopwatch.GetElapsedTime(0, recomputeTicks).TotalSeconds);
        }

        PipelineTelemetry.Stop(action, clock.At(end), error);
    }

    /// <summary>Ends the step's span with what its timeline says, on the thread that began it, after the last worker is done.</summary>
    public void End(StepTimeline timeline)
    {
        if (activity.IsAllDataRequested)
        {
            activity.AddTag(PipelineAttributes.Samples, timeline.Samples);
            activity.AddTag(PipelineAttributes.GcPauseDuration, timeline.GarbageCollection.TotalSeconds);
            if (timeline.Failure is not null) activity.AddTag(PipelineAttributes.ActionsNotRun, timeline.ActionsNotRun);
        }

        PipelineTelemetry.Stop(activity, timeline.StartedAt + timeline.Duration, timeline.Failure);
    }
}
