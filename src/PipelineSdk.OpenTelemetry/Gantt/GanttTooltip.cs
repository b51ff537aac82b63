using System.Globalization;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>What a bar says under the pointer.</summary>
internal static class GanttTooltip
{
    public static string Of(StepTimeline step, in ActionRecord record)
    {
        var (action, culture) = (record.Action, CultureInfo.InvariantCulture);
        return string.Create(culture, $"{action}: stage {action.Stage} ({GanttText.StageName(step, action.Stage)}) {GanttText.Phase(action.Kind)}, micro-batch {action.MicroBatch}\n")
            + string.Create(culture, $"worker {record.Worker}, slot {record.Slot}\n")
            + string.Create(culture, $"from {Ms(record.Start)} to {Ms(record.End)}: {Ms(record.End - record.Start)}\n")
            + (record.Recompute > TimeSpan.Zero ? string.Create(culture, $"of that {Ms(record.Recompute)} for running the forward again\n") : "")
            + string.Create(culture, $"waited {Ms(record.Start - record.WaitStart)}, handed over {Size(record.Bytes)}");
    }

    private static string Ms(TimeSpan time) => time.TotalMilliseconds.ToString("0.000 ms", CultureInfo.InvariantCulture);

    private static string Size(long bytes) => bytes switch
    {
        0 => "nothing",
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024.0):0.0} MiB"),
    };
}
