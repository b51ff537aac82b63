using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Timelines to measure with: steps as the simulator runs them, one unit of cost being a millisecond.</summary>
internal static class Timelines
{
    public static readonly DateTimeOffset Epoch = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static StepTimeline Simulate(
        PipelineSchedule schedule, int workers, int microBatches, double forward = 1, double backward = 2, double latency = 0,
        string pipeline = "Net", long step = 0, DateTimeOffset? startedAt = null)
    {
        var program = schedule.Build(new ScheduleShape(workers, workers, microBatches));
        var costs = new ScheduleCosts([.. Enumerable.Repeat(new StageCosts(forward, backward / 2, backward / 2), workers)]) { LinkLatency = latency };
        var simulated = ScheduleSimulator.Run(program, costs);
        var actions = simulated.Workers.SelectMany(WithWaits).ToArray();
        return Timeline(actions, workers, microBatches, schedule.Name, pipeline, step, startedAt);
    }

    public static StepTimeline Timeline(
        IReadOnlyList<ActionRecord> actions, int workers, int microBatches, string schedule = "by hand", string pipeline = "Net",
        long step = 0, DateTimeOffset? startedAt = null, string mode = "train", string[]? stageNames = null) => new()
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
