using System.Text.Json;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Writes the events of one process (a pipeline), one JSON object each.</summary>
internal sealed class PerfettoEvents(Utf8JsonWriter json, int pid)
{
    /// <summary>Names the process and puts it in its place among the others.</summary>
    public void WriteProcess(string name)
    {
        WriteMetadata("process_name", tid: null, name);
        WriteMetadata("process_sort_index", tid: null, sortIndex: pid);
    }

    /// <summary>Names a lane and puts it in its place.</summary>
    public void WriteLane(int tid, string name, int sortIndex)
    {
        WriteMetadata("thread_name", tid, name);
        WriteMetadata("thread_sort_index", tid, sortIndex: sortIndex);
    }

    /// <summary>Writes the bar of a whole step.</summary>
    public void WriteStep(int tid, StepTimeline step, TimeSpan offset, TimeSpan duration)
    {
        BeginBar(tid, $"step {step.Step}", "step", offset, duration);
        json.WriteString("mode", PlainText.Of(step.Mode));
        json.WriteString("schedule", PlainText.Of(step.Schedule));
        json.WriteNumber("microBatches", step.MicroBatches);
        var summary = TimelineSummary.Of(step);
        json.WriteNumber("flushBubble", Math.Round(summary.FlushBubbleFraction, 6));
        json.WriteNumber("spanBubble", Math.Round(summary.SpanBubbleFraction, 6));
        if (step.Failure is not null)
        {
            json.WriteString("error", PlainText.Of(step.Failure.Message));
            json.WriteNumber("actionsNotRun", step.ActionsNotRun);
        }

        EndBar();
    }

    /// <summary>Writes the bar of an action, and before it that of the wait for its input.</summary>
    public void WriteAction(int tid, StepTimeline step, in ActionRecord record, TimeSpan offset)
    {
        var wait = record.Start - record.WaitStart;
        if (wait > TimeSpan.Zero)
        {
            BeginBar(tid, "wait", "wait", offset + record.WaitStart, wait);
            json.WriteString("for", record.Action.ToString());
            EndBar();
        }

        BeginBar(tid, record.Action.ToString(), GanttText.Phase(record.Action.Kind), offset + record.Start, record.End - record.Start);
        json.WriteNumber("step", step.Step);
        json.WriteNumber("stage", record.Action.Stage);
        json.WriteString("stageName", PlainText.Of(GanttText.StageName(step, record.Action.Stage)));
        json.WriteNumber("microBatch", record.Action.MicroBatch);
        json.WriteNumber("slot", record.Slot);
        json.WriteNumber("bytes", record.Bytes);
        if (record.Recompute > TimeSpan.Zero) json.WriteNumber("recomputeMs", record.Recompute.TotalMilliseconds);
        EndBar();
    }

    /// <summary>Writes the way of one micro-batch through its actions, in time order, as arrows from bar to bar.</summary>
    public void WriteFlow(long id, ReadOnlySpan<ActionRecord> way, Func<int, int> laneOf, TimeSpan offset)
    {
        if (way.Length < 2) return;
        for (var hop = 0; hop < way.Length; hop++)
        {
            var phase = hop == 0 ? "s" : hop == way.Length - 1 ? "f" : "t";
            // An arrow ties to the bar that encloses it in time: its middle is inside, whatever touches its ends.
            Begin(phase, laneOf(way[hop].Worker), "micro-batch", offset + ((way[hop].Start + way[hop].End) / 2));
            json.WriteString("cat", "flow");
            json.WriteNumber("id", id);
            if (phase == "f") json.WriteString("bp", "e");
            json.WriteEndObject();
        }
    }

    /// <summary>Writes a worker's counter of activations in flight.</summary>
    public void WriteInFlight(int tid, int worker, IReadOnlyList<InFlightSample> samples, TimeSpan offset)
    {
        foreach (var sample in samples)
        {
            Begin("C", tid, $"in flight, worker {worker}", offset + sample.At);
            json.WriteStartObject("args");
            json.WriteNumber("activations", sample.Count);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    private void BeginBar(int tid, string name, string category, TimeSpan start, TimeSpan duration)
    {
        Begin("X", tid, name, start);
        json.WriteNumber("dur", Microseconds(duration));
        json.WriteString("cat", category);
        json.WriteStartObject("args");
    }

    private void EndBar()
    {
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Begin(string phase, int tid, string name, TimeSpan at)
    {
        json.WriteStartObject();
        json.WriteString("ph", phase);
        json.WriteNumber("pid", pid);
        json.WriteNumber("tid", tid);
        json.WriteString("name", name);
        json.WriteNumber("ts", Microseconds(at));
    }

    private void WriteMetadata(string what, int? tid, string? name = null, int sortIndex = 0)
    {
        json.WriteStartObject();
        json.WriteString("ph", "M");
        json.WriteNumber("pid", pid);
        if (tid is { } lane) json.WriteNumber("tid", lane);
        json.WriteString("name", what);
        json.WriteStartObject("args");
        if (name is not null) json.WriteString("name", PlainText.Of(name));
        else json.WriteNumber("sort_index", sortIndex);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Exact: a tick is a tenth of a microsecond.
    private static decimal Microseconds(TimeSpan time) => time.Ticks / 10m;
}
