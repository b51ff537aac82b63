using Microsoft.Extensions.Logging;
using PipelineSdk.Execution;

namespace PipelineSdk.Machine;

/// <summary>What is set and said when a pipeline is built: everything once per process, or once per kind of finding, not once per pipeline.</summary>
/// <param name="describe">Looks at the machine.</param>
internal sealed class EnvironmentCheck(Func<EnvironmentReport> describe)
{
    private readonly object gate = new();
    private readonly HashSet<string> said = [];

    /// <summary>The process's own.</summary>
    public static EnvironmentCheck Default { get; } = new(PipelineEnvironment.Describe);

    /// <summary>Tunes the allocator where the options ask for it, and tells what was found. Once native libraries are loaded.</summary>
    public void Run(PipelineOptions options, ILogger logger)
    {
        if (options.TuneAllocator) NativeAllocator.Tune();
        var (tells, warns) = (Wants("report", logger, LogLevel.Information), Wants("problems", logger, LogLevel.Warning));
        if (!tells && !warns) return;
        var report = describe();
        if (tells)
        {
            if (options.TuneAllocator && !report.IsAllocatorTuned && report.Allocator is null or "glibc" or "musl") PipelineLog.AllocatorNotTuned(logger);
            if (report.Hints.Count > 0) PipelineLog.EnvironmentHints(logger, string.Join(" ", report.Hints));
            PipelineLog.EnvironmentFound(logger, report);
        }

        if (warns && report.Problems.Count > 0) PipelineLog.EnvironmentProblems(logger, string.Join(" ", report.Problems));
    }

    /// <summary>Tells of more threads than cores, once.</summary>
    /// <param name="workers">The workers of the pipeline that is built.</param>
    /// <param name="intraOpThreads">The intra-op threads of each.</param>
    /// <param name="others">Threads of the pipelines that are alive besides.</param>
    /// <param name="cores">The cores that there are for all.</param>
    /// <param name="logger">Where to.</param>
    public void CompareThreads(int workers, int intraOpThreads, int others, int cores, ILogger logger)
    {
        var own = workers * intraOpThreads;
        if (intraOpThreads > 1 && own > cores && Wants("own threads", logger, LogLevel.Warning))
            PipelineLog.MoreThreadsThanCores(logger, workers, intraOpThreads, own, cores);
        if (others > 0 && own + others > cores && Wants("pipelines", logger, LogLevel.Information))
            PipelineLog.SeveralPipelines(logger, own + others, cores);
    }

    // What nobody would read counts as not said.
    private bool Wants(string what, ILogger logger, LogLevel level)
    {
        if (!logger.IsEnabled(level)) return false;
        lock (gate) return said.Add(what);
    }
}
