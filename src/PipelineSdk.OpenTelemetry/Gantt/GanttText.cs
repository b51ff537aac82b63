using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Words that all charts share.</summary>
internal static class GanttText
{
    public static string Phase(ActionKind kind) => kind switch
    {
        ActionKind.Forward => "forward",
        ActionKind.Backward => "backward",
        ActionKind.InputGradient => "input gradient",
        ActionKind.WeightGradient => "weight gradient",
        _ => "update",
    };

    public static string StageName(StepTimeline step, int stage) =>
        (uint)stage < (uint)step.StageNames.Count ? step.StageNames[stage] : "";
}
