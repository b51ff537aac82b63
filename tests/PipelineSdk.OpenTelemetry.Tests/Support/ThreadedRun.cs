using System.Collections.Concurrent;
using System.Diagnostics;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>
/// Runs a schedule's programs on one long-lived thread per worker, handing span contexts from stage to stage, step after step: the
/// telemetry of a pipeline without its tensors.
/// </summary>
internal sealed class ThreadedRun(string pipeline, PipelineSchedule schedule, int workers, int microBatches)
{
    private readonly ScheduleProgram program = schedule.Build(new ScheduleShape(workers, workers, microBatches));
    private readonly ConcurrentDictionary<(long Step, PipelineAction Action), TaskCompletionSource<ActivityContext>> sent = new();

    /// <summary>Runs the steps; returns what was current on each worker thread after each step.</summary>
    public IReadOnlyList<Activity?> Run(int steps)
    {
        var recorders = Enumerable.Range(0, workers).Select(worker => new TimelineRecorder(worker)).ToArray();
        var left = new ConcurrentBag<Activity?>();
        var spans = Enumerable.Range(0, steps).Select(_ => new TaskCompletionSource<StepSpan>()).ToArray();
        using var done = new Barrier(workers + 1);
        var threads = Enumerable.Range(0, workers).Select(worker => new Thread(() =>
        {
            for (var step = 0; step < steps; step++)
            {
                RunProgram(worker, step, spans[step].Task.Result, recorders[worker]);
                left.Add(Activity.Current);
                done.SignalAndWait();
            }
        })).ToArray();
        foreach (var thread in threads) thread.UnsafeStart();

        for (var step = 0; step < steps; step++)
        {
            var clock = StepClock.Start();
            var span = PipelineTelemetry.StartStep(clock, pipeline, schedule.Name, "train", step, workers, microBatches)!;
            spans[step].SetResult(span);
            done.SignalAndWait();
            span.End(Timelines.Empty(clock.StartedAt, clock.Since(Stopwatch.GetTimestamp())));
            left.Add(Activity.Current);
        }

        foreach (var thread in threads) thread.Join();
        return [.. left];
    }

    private void RunProgram(int worker, long step, StepSpan span, TimelineRecorder recorder)
    {
        recorder.Reset(program.Workers[worker].Count);
        var slot = 0;
        foreach (var action in program.Workers[worker])
        {
            var waitStart = Stopwatch.GetTimestamp();
            var producer = Producer(action) is { } before ? Sent(step, before).Task.Result : default;
            var start = Stopwatch.GetTimestamp();
            var activity = span.StartAction(action, $"layer{action.Stage}", worker, slot++, "cpu", producer, waitStart, start);
            Sent(step, action).SetResult(activity!.Context);
            var end = Stopwatch.GetTimestamp();
            recorder.Add(action, waitStart, start, end, bytes: 1);
            span.EndAction(activity, bytes: 1, end);
        }
    }

    /// <summary>The action whose output another takes, or null.</summary>
    public PipelineAction? Producer(PipelineAction action) => action.Kind == ActionKind.Forward
        ? action.Stage == 0 ? null : action with { Stage = action.Stage - 1 }
        : action.Stage == workers - 1 ? null : action with { Stage = action.Stage + 1 };

    private TaskCompletionSource<ActivityContext> Sent(long step, PipelineAction action) =>
        sent.GetOrAdd((step, action), _ => new TaskCompletionSource<ActivityContext>());
}
