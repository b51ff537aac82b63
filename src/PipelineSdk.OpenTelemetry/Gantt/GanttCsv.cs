using System.Globalization;
using System.Text;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Writes steps as a table of comma-separated values, a row per action: for spreadsheets, pandas, and one's own arithmetic.
/// </summary>
/// <remarks>
/// The first row names the columns; docs/telemetry.md explains them. Numbers have a point whatever the culture, text is quoted as in RFC 4180, lines end in a
/// line feed, the encoding is UTF-8. Times are microseconds from the start of the step, to 100 ns. Steps are written as they come: memory does not grow
/// with their number.
/// </remarks>
public static class GanttCsv
{
    /// <summary>The first row: the names of the columns.</summary>
    public const string Header =
        "pipeline,step,mode,schedule,started_at,worker,slot,action,stage,stage_name,phase,micro_batch,"
        + "wait_start_us,start_us,end_us,wait_us,duration_us,handover_bytes,error,step_duration_us,step_actions_not_run,dropped_steps";

    /// <summary>Writes a file. It is written aside and renamed: on failure an older file stays as it was.</summary>
    /// <param name="path">The file; its folder is made where it is missing. By habit it ends in <c>.csv</c>.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="droppedSteps">How many steps of the run are not among <paramref name="steps"/>; every row says so.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, IEnumerable<StepTimeline> steps, long droppedSteps = 0) => StepsFile.Write(path, steps, droppedSteps, Write);

    /// <summary>Writes to a stream, which is left open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="steps">The steps.</param>
    /// <param name="droppedSteps">How many steps of the run are not among <paramref name="steps"/>; every row says so.</param>
    public static void Write(Stream stream, IEnumerable<StepTimeline> steps, long droppedSteps = 0)
    {
        StepsFile.Require(stream, steps, droppedSteps);
        using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        text.WriteLine(Header);
        foreach (var step in steps) WriteStep(text, step, droppedSteps);
    }

    private static void WriteStep(StreamWriter text, StepTimeline step, long droppedSteps)
    {
        var trace = new StepTrace(step);
        var head = Row($"{Quoted(step.Pipeline)},{step.Step},{Quoted(step.Mode)},{Quoted(step.Schedule)},{step.StartedAt.UtcDateTime:O}");
        var tail = Row($"{Microseconds(step.Duration)},{step.ActionsNotRun},{droppedSteps}");
        for (var index = 0; index < step.Actions.Count; index++)
        {
            var record = step.Actions[index];
            var action = record.Action;
            var error = trace.HasFailed(index) ? StepAttributes.ErrorType(step.Failure!) : "";
            text.Write(head);
            text.Write(Row($",{record.Worker},{record.Slot},{action},{action.Stage},{Quoted(GanttText.StageName(step, action.Stage))}"));
            text.Write(Row($",{PipelineAttributes.PhaseOf(action.Kind)},{action.MicroBatch}"));
            text.Write(Row($",{Microseconds(record.WaitStart)},{Microseconds(record.Start)},{Microseconds(record.End)}"));
            text.Write(Row($",{Microseconds(record.Start - record.WaitStart)},{Microseconds(record.End - record.Start)},{record.Bytes},{Quoted(error)},"));
            text.WriteLine(tail);
        }
    }

    private static string Row(FormattableString row) => row.ToString(CultureInfo.InvariantCulture);

    // Exact: a tick is a tenth of a microsecond.
    private static decimal Microseconds(TimeSpan time) => time.Ticks / 10m;

    private static string Quoted(string text)
    {
        var plain = PlainText.Of(text);
        return plain.AsSpan().IndexOfAny(",\"\n") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
