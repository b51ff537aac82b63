using Microsoft.Extensions.Logging;

namespace PipelineSdk.Execution;

/// <summary>What a pipeline tells the log.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(1, LogLevel.Information,
        "Pipeline {Pipeline}: {Stages} stage(s) on {Workers} worker(s) under {Schedule}, {IntraOpThreads} intra-op thread(s) per worker. Stages: {StageNames}")]
    public static partial void Built(
        ILogger logger, string pipeline, int stages, int workers, string schedule, int intraOpThreads, string stageNames);

    [LoggerMessage(2, LogLevel.Information, "Workers are not bound to cores: this operating system offers no way to.")]
    public static partial void CannotPin(ILogger logger);

    [LoggerMessage(3, LogLevel.Information, "{Workers} workers share {Cores} core(s): they are not bound to cores, and the schedule's bound cannot be reached.")]
    public static partial void TooFewCores(ILogger logger, int workers, int cores);

    [LoggerMessage(4, LogLevel.Information, "The native allocator could not be tuned (no glibc); steps may get slower run by run.")]
    public static partial void AllocatorNotTuned(ILogger logger);

    [LoggerMessage(5, LogLevel.Information,
        "Pipeline {Pipeline}: planned {Shape} under {Schedule}, from an estimate of {Segments} segment(s); expected to be {SpeedUp} times as fast as one "
        + "worker. What keeps it from being faster: {Reason}. {Working} of {Tried} combinations work; the next best: {NextBest}")]
    public static partial void Planned(
        ILogger logger, string pipeline, string shape, string schedule, int segments, string speedUp, string reason, int working, int tried, string nextBest);

    [LoggerMessage(6, LogLevel.Information,
        "Pipeline {Pipeline}: runs a plan of {Shape} under {Schedule}; predicted step {Makespan} {Unit}, {Bubble} % of it idle")]
    public static partial void RunsPlan(
        ILogger logger, string pipeline, string shape, string schedule, string makespan, string unit, string bubble);

    [LoggerMessage(7, LogLevel.Information,
        "Pipeline {Pipeline}: {Schedule} splits backwards. The weight gradients of {Layers} Linear and convolution layer(s), with {Share} % of the parameters, "
        + "are put off to W where the model runs the layers with call(...); all others are computed together with the input gradient")]
    public static partial void PutsOff(ILogger logger, string pipeline, string schedule, int layers, string share);

    [LoggerMessage(8, LogLevel.Warning,
        "Pipeline {Pipeline}: {Schedule} splits backwards, but the model has no Linear or convolution layer whose weight gradients could be put off: they are all "
        + "computed together with the input gradient, and W has nothing to do. A schedule with whole backwards does as well")]
    public static partial void NothingToPutOff(ILogger logger, string pipeline, string schedule);

    [LoggerMessage(9, LogLevel.Warning,
        "Pipeline {Pipeline}: the weight gradients of {Count} of {Layers} layer(s) are not put off, but computed together with the input gradient: {Names}. The model "
        + "runs them with forward(...), which runs no hooks, or not at all. Run them with call(...)")]
    public static partial void NotPutOff(ILogger logger, string pipeline, int count, int layers, string names);
}
