using System.Globalization;
using System.Text.Json;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry;

/// <summary>The steps of one trace file: gives every pipeline a process and every worker a lane, lays steps end to end, and keeps count.</summary>
internal sealed class PerfettoRun(Utf8JsonWriter json)
{
    /// <summary>The lane above the workers', with a bar per step.</summary>
    internal const int StepsLane = 1_000_000;

    private readonly Dictionary<string, Process> processes = new(StringComparer.Ordinal);
    private readonly SortedSet<string> schedules = new(StringComparer.Ordinal);
    private DateTimeOffset? runStart;
    private long steps;
    private long actions;
    private long flows;

    public void WriteStep(StepTimeline step)
    {
        runStart ??= step.StartedAt;
        var process = ProcessOf(step);
        // Bars of a lane must not overlap, but the wall clock may have been set back between two steps.
        var offset = step.StartedAt - runStart.Value;
        if (offset < process.End) offset = process.End;
        var lastEnd = step.Actions.Count == 0 ? TimeSpan.Zero : step.Actions.Max(action => action.End);
        var duration = lastEnd > step.Duration ? lastEnd : step.Duration;
        process.End = offset + duration;

        var events = process.Events;
        events.WriteStep(StepsLane, step, offset, duration);
        foreach (var record in step.Actions) events.WriteAction(LaneOf(record.Worker), step, record, offset);

        // Gradients of weights, and what an optimizer makes of them, are handed to nobody: they are not on the way.
        var handed = step.Actions.Where(record => record.Action.Kind is not (ActionKind.WeightGradient or ActionKind.Update));
        foreach (var way in handed.GroupBy(record => record.Action.MicroBatch))
        {
            events.WriteFlow(++flows, [.. way.OrderBy(record => record.Start)], LaneOf, offset);
        }

        for (var worker = 0; worker < step.Workers; worker++)
        {
            events.WriteInFlight(LaneOf(worker), worker, step.InFlightOf(worker), offset);
        }

        steps++;
        actions += step.Actions.Count;
        schedules.Add(step.Schedule);
    }

    public void WriteMetadata(long droppedSteps)
    {
        json.WriteString("producer", "PipelineSdk");
        json.WriteString("schedules", PlainText.Of(string.Join(", ", schedules)));
        if (runStart is { } start) json.WriteString("startedAt", start.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        json.WriteNumber("steps", steps);
        json.WriteNumber("actions", actions);
        json.WriteNumber("droppedSteps", droppedSteps);
    }

    // 0 is no thread to some viewers.
    private static int LaneOf(int worker) => worker + 1;

    private Process ProcessOf(StepTimeline step)
    {
        if (!processes.TryGetValue(step.Pipeline, out var process))
        {
            process = new Process(new PerfettoEvents(json, pid: processes.Count + 1));
            processes.Add(step.Pipeline, process);
            process.Events.WriteProcess(step.Pipeline);
            process.Events.WriteLane(StepsLane, "steps", sortIndex: 0);
        }

        for (; process.Lanes < step.Workers; process.Lanes++)
        {
            process.Events.WriteLane(LaneOf(process.Lanes), $"worker {process.Lanes}", sortIndex: LaneOf(process.Lanes));
        }

        return process;
    }

    private sealed class Process(PerfettoEvents events)
    {
        public PerfettoEvents Events { get; } = events;

        public int Lanes { get; set; }

        public TimeSpan End { get; set; }
    }
}
