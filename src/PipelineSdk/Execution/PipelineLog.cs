using Microsoft.Extensions.Logging;
using PipelineSdk.Diagnostics;

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

    [LoggerMessage(4, LogLevel.Information, "The native allocator can't be told to keep large blocks (it is not glibc's); steps may get slower run by run.")]
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

    [LoggerMessage(10, LogLevel.Warning,
        "Pipeline {Pipeline}: a listener of its telemetry threw. Training goes on without what the listener would have got; later ones are counted in "
        + PipelineSdkDiagnostics.ListenerFaultsMetric + " and not logged")]
    public static partial void ListenerFailed(ILogger logger, string pipeline, Exception? error);

    [LoggerMessage(20, LogLevel.Error, "{Subject}: nothing has moved for {Seconds} s. {Culprits}\n{Grid}")]
    public static partial void Stalled(ILogger logger, string subject, string seconds, string culprits, string grid);

    [LoggerMessage(21, LogLevel.Error, "{Message}")]
    public static partial void GivenUp(ILogger logger, string message);

    [LoggerMessage(22, LogLevel.Information, "Pipeline '{Pipeline}', step {Step}: goes on after a stall.")]
    public static partial void GoesOn(ILogger logger, string pipeline, long step);

    [LoggerMessage(23, LogLevel.Debug, "Environment:\n{Report}")]
    public static partial void EnvironmentFound(ILogger logger, EnvironmentReport report);

    [LoggerMessage(24, LogLevel.Information, "The environment could make pipelines faster. {Hints}")]
    public static partial void EnvironmentHints(ILogger logger, string hints);

    [LoggerMessage(25, LogLevel.Warning, "The environment makes pipelines slow, and only whoever starts the process can change it. {Problems}")]
    public static partial void EnvironmentProblems(ILogger logger, string problems);

    [LoggerMessage(26, LogLevel.Warning,
        "{Workers} workers of {IntraOpThreads} intra-op threads each are {Threads} threads on {Cores} core(s): they get in each other's way. Lower PipelineOptions.IntraOpThreads")]
    public static partial void MoreThreadsThanCores(ILogger logger, int workers, int intraOpThreads, int threads, int cores);

    [LoggerMessage(27, LogLevel.Information,
        "With the other pipelines of this process there are {Threads} threads for {Cores} core(s): steps that run at once slow each other down. Dispose pipelines that are not used any more")]
    public static partial void SeveralPipelines(ILogger logger, int threads, int cores);

    [LoggerMessage(28, LogLevel.Information,
        "This process may have the time of {Limit} of the {Cores} cores it may run on: workers are not bound to cores, which others use as well")]
    public static partial void TimeIsLimited(ILogger logger, double limit, int cores);

    [LoggerMessage(30, LogLevel.Warning,
        "{Model}: '{First}' and '{Second}' are one weight under two names. An optimizer over model.parameters() has both, and updates it twice in a step. Mark the "
        + "class [TiedWeights(\"{First}\", \"{Second}\")], or leave one of them out of the optimizer")]
    public static partial void TiedInOneStage(ILogger logger, string model, string first, string second);

    [LoggerMessage(31, LogLevel.Warning,
        "Pipeline {Pipeline}: in {Mode} step {Step} something drew random numbers that the pipeline does not know of; those that it knows to draw: {Known}. Either a "
        + "segment or the loss draws only now and then: that step's numbers can't be repeated, and the pipeline watches all segments again. Or another thread drew, such as "
        + "a data loader's: let it have a generator of its own, or numbers differ from run to run. This is said once")]
    public static partial void DrewUnseen(ILogger logger, string pipeline, string mode, long step, string known);

    [LoggerMessage(32, LogLevel.Warning,
        "Pipeline {Pipeline}: stage {Stage} ({Name}) runs its forward again on {Device}, where random numbers can't be repeated. If its forward draws any (functional.dropout, rand), "
        + "its gradients are wrong: set PipelineOptions.RecomputeOfStage[{Stage}] = ActivationRecompute.Never")]
    public static partial void RecomputesElsewhere(ILogger logger, string pipeline, int stage, string name, string device);
}
