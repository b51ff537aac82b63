using Microsoft.Extensions.Logging;

namespace PipelineSdk.Execution;

/// <summary>What a pipeline tells the log.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(1, LogLevel.Information,
        "Pipeline {Pipeline}: {Stages} stage(s) under {Schedule}, {IntraOpThreads} intra-op thread(s) per worker. Stages: {StageNames}")]
    public static partial void Built(ILogger logger, string pipeline, int stages, string schedule, int intraOpThreads, string stageNames);

    [LoggerMessage(2, LogLevel.Information, "Workers are not bound to cores: this operating system offers no way to.")]
    public static partial void CannotPin(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "{Workers} workers share {Cores} core(s): they are not bound to cores, and the schedule's bound cannot be reached.")]
    public static partial void TooFewCores(ILogger logger, int workers, int cores);

    [LoggerMessage(4, LogLevel.Information, "The native allocator could not be tuned (no glibc); steps may get slower run by run.")]
    public static partial void AllocatorNotTuned(ILogger logger);
}
