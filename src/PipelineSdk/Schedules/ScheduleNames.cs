namespace PipelineSdk.Schedules;

/// <summary>The names of the schedules as constants, for <c>[Pipeline(Schedule = ScheduleNames.OneForwardOneBackward)]</c>.</summary>
/// <remarks>Each is called like the property of <see cref="PipelineSchedule"/> that holds the schedule.</remarks>
public static class ScheduleNames
{
    /// <summary><see cref="PipelineSchedule.GPipe"/>.</summary>
    public const string GPipe = "GPipe";

    /// <summary><see cref="PipelineSchedule.OneForwardOneBackward"/>.</summary>
    public const string OneForwardOneBackward = "1F1B";

    /// <summary><see cref="PipelineSchedule.InterleavedOneForwardOneBackward"/>.</summary>
    public const string InterleavedOneForwardOneBackward = "Interleaved1F1B";

    /// <summary><see cref="PipelineSchedule.LoopedBreadthFirst"/>.</summary>
    public const string LoopedBreadthFirst = "LoopedBFS";

    /// <summary><see cref="PipelineSchedule.ZeroBubbleH1"/>.</summary>
    public const string ZeroBubbleH1 = "ZB-H1";

    /// <summary><see cref="PipelineSchedule.InterleavedZeroBubble"/>.</summary>
    public const string InterleavedZeroBubble = "InterleavedZeroBubble";

    /// <summary><see cref="PipelineSchedule.ZeroBubbleV"/>.</summary>
    public const string ZeroBubbleV = "ZB-V";

    /// <summary><see cref="PipelineSchedule.DualPipeV"/>.</summary>
    public const string DualPipeV = "DualPipeV";

    /// <summary><see cref="PipelineSchedule.VHalf"/>.</summary>
    public const string VHalf = "V-Half";

    /// <summary><see cref="PipelineSchedule.VMin"/>.</summary>
    public const string VMin = "V-Min";

    /// <summary><see cref="PipelineSchedule.Sequential"/>.</summary>
    public const string Sequential = "Sequential";

    /// <summary><see cref="PipelineSchedule.ForwardOnly"/>.</summary>
    public const string ForwardOnly = "ForwardOnly";

    /// <summary><see cref="PipelineSchedule.PipeDream"/>.</summary>
    public const string PipeDream = "PipeDream";

    /// <summary><see cref="PipelineSchedule.PipeDreamTwoBufferedWeights"/>.</summary>
    public const string PipeDreamTwoBufferedWeights = "PipeDream-2BW";
}
