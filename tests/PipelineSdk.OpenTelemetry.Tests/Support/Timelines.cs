using System.Text.Json;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Timelines to measure with: steps as the simulator runs them, one unit of cost being a millisecond.</summary>
internal static class Timelines
{
    public static readonly DateTimeOffset Epoch = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>How approved JSON is laid out.</summary>
    public static readonly JsonSerializerOptions GoldenJson = new() { WriteIndented = true };

    /// <summary>A step small enough to read in a file: two workers, one micro-batch.</summary>
    public static StepTimeline Small { get; } = Timeline(
        [
            Action(0, 0, "0F0", 0, 0.1, 1, bytes: 256), Action(0, 1, "0B0", 1, 4.1234, 6),
            Action(1, 0, "1F0", 0, 1.05, 2), Action(1, 1, "1B0", 2, 2, 4, bytes: 256),
        ],
        workers: 2, microBatches: 1, step: 3);

    /// <summary>A step of two workers and two micro-batches that failed in the second stage's first forward.</summary>
    public static StepTimeline FailedStep()
    {
        var cause = new InvalidOperationException("shapes differ");
        var failed = Timeline(
            [Action(0, 0, "0F0", 0, 0, 1, bytes: 8), Action(0, 1, "0F1", 1, 1, 2, bytes: 8), Action(1, 0, "1F0", 0, 1, 2.5)], workers: 2, microBatches: 2);
        return new StepTimeline
        {
            Pipeline = failed.Pipeline,
            Step = 5,
            Schedule = failed.Schedule,
            Mode = failed.Mode,
            Workers = failed.Workers,
            MicroBatches = failed.MicroBatches,
            StageNames = failed.StageNames,
            StartedAt = failed.StartedAt,
            Duration = failed.Duration,
            Actions = failed.Actions,
            Failure = new PipelineException("Step 5: forward of stage 1 failed: shapes differ", cause, failed.Actions[2].Action, "layer1", worker: 1, step: 5),
            ActionsNotRun = 5,
        };
    }

    /// <summary>A step in which nothing ran.</summary>
    public static StepTimeline Empty(DateTimeOffset startedAt, TimeSpan duration, Exception? failure = null) => new()
    {
        Pipeline = "Net",
        Step = 0,
        Schedule = "by hand",
        Mode = "train",
        Workers = 1,
        MicroBatches = 1,
        StageNames = ["layer0"],
        StartedAt = startedAt,
        Duration = duration,
        Actions = [],
        Failure = failure,
    };

    public static StepTimeline Simulate(
        PipelineSchedule schedule, int workers, int microBatches, double forward = 1, double backward = 2, double latency = 0,
        string pipeline = "Net", long step = 0, DateTimeOffset? startedAt = null, long samples = 0, TimeSpan paused = default)
    {
        var program = schedule.Build(new ScheduleShape(workers, workers, microBatches));
        var costs = new ScheduleCosts([.. Enumerable.Repeat(new StageCosts(forward, backward / 2, backward / 2), workers)]) { LinkLatency = latency };
        var simulated = ScheduleSimulator.Run(program, costs);
        var actions = simulated.Workers.SelectMany(WithWaits).ToArray();
        return Timeline(actions, workers, microBatches, schedule.Name, pipeline, step, startedAt, samples: samples, paused: paused);
    }

    public static StepTimeline Timeline(
        IReadOnlyList<ActionRecord> actions, int workers, int microBatches, string schedule = "by hand", string pipeline = "Net",
        long step = 0, DateTimeOffset? startedAt = null, string mode = "train", string[]? stageNames = null, long samples = 0,
        TimeSpan paused = default, string[]? devices = null) => new()
        {
            Pipeline = pipeline,
            Step = step,
            Schedule = schedule,
            Mode = mode,
            Workers = workers,
            MicroBatches = microBatches,
            StageNames = stageNames ?? [.. Enumerable.Range(0, workers).Select(stage => $"layer{stage}")],
            StartedAt = startedAt ?? Epoch,
            Duration = actions.Count == 0 ? TimeSpan.Zero : actions.Max(action => action.End),
            Actions = actions,
            Samples = samples,
            GarbageCollection = paused,
            StageDevices = devices ?? [],
            IsSynchronized = devices is not null,
        };

    /// <summary>One action by hand, in ms: it waits from <paramref name="wait"/>, works from <paramref name="start"/> to <paramref name="end"/>.</summary>
    public static ActionRecord Action(int worker, int slot, string action, double wait, double start, double end, long bytes = 0)
    {
        var letter = action.IndexOfAny(['F', 'B', 'I', 'W']);
        var kind = "FBIW".IndexOf(action[letter], StringComparison.Ordinal);
        var parsed = new PipelineAction(
            int.Parse(action.AsSpan(0, letter), System.Globalization.CultureInfo.InvariantCulture), (ActionKind)kind,
            int.Parse(action.AsSpan(letter + 1), System.Globalization.CultureInfo.InvariantCulture));
        return new ActionRecord(worker, slot, parsed, Ms(wait), Ms(start), Ms(end), bytes);
    }

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromTicks((long)Math.Round(milliseconds * TimeSpan.TicksPerMillisecond));

    // A worker turns to its next action the moment the last one ends.
    private static IEnumerable<ActionRecord> WithWaits(IReadOnlyList<SimulatedAction> actions)
    {
        var free = 0.0;
        foreach (var action in actions)
        {
            yield return new ActionRecord(action.Worker, action.Slot, action.Action, Ms(free), Ms(action.Start), Ms(action.End), Bytes: 1024);
            free = action.End;
        }
    }
}
