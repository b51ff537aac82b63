using System.Globalization;
using Microsoft.Extensions.Logging;
using PipelineSdk.Machine;
using TorchSharp;

namespace PipelineSdk.Execution;

/// <summary>Cores and intra-op threads of the workers.</summary>
/// <param name="Cores">The cores of each worker; null where workers are not pinned.</param>
/// <param name="IntraOpThreads">Threads libtorch may use inside one operation of one worker.</param>
internal sealed record WorkerThreadSettings(IReadOnlyList<IReadOnlyList<int>>? Cores, int IntraOpThreads)
{
    /// <summary>As much stack as a main thread has: forward was written to run there.</summary>
    public const int StackSize = 8 * 1024 * 1024;

    /// <summary>A worker's thread, as debuggers and profilers show it.</summary>
    public static string ThreadName(string pipeline, int worker) => string.Create(CultureInfo.InvariantCulture, $"{pipeline} worker {worker}");

    /// <summary>The cores that there are for all workers: those the process may run on, or what its limit of processor time amounts to.</summary>
    public static int UsableCores => PipelineEnvironment.UsableCores(ThreadAffinity.AllowedCores()?.Count ?? Environment.ProcessorCount, CpuLimit.Of(SystemSources.Real));

    /// <summary>The cores that each of a number of workers gets, at least 1; of as many workers as cores where null.</summary>
    public static int CoresPerWorker(int? workers) => CoresPerWorker(UsableCores, workers);

    /// <summary>Shares out the cores that this process may use.</summary>
    public static WorkerThreadSettings Share(PipelineOptions options, int workers, ILogger logger)
        => Share(options, workers, ThreadAffinity.AllowedCores(), CpuLimit.Of(SystemSources.Real), logger);

    /// <summary>As the other overload, with these cores, null where the system has no way to ask, and this limit of processor time.</summary>
    public static WorkerThreadSettings Share(
        PipelineOptions options, int workers, IReadOnlyList<int>? cores, double? limit, ILogger logger)
    {
        var perWorker = CoresPerWorker(PipelineEnvironment.UsableCores(cores?.Count ?? Environment.ProcessorCount, limit), workers);
        var pinned = options.PinThreads && Pin(cores, workers, limit, logger);
        return new WorkerThreadSettings(
            pinned ? [.. Enumerable.Range(0, workers).Select(i => (IReadOnlyList<int>)[.. cores!.Skip(i * perWorker).Take(perWorker)])] : null,
            options.IntraOpThreads ?? perWorker);
    }

    /// <summary>Applies the settings to the calling thread.</summary>
    public void Apply(int worker)
    {
        if (Cores is not null) ThreadAffinity.Pin(Cores[worker]);
        // A thread's first parallel region, or this question, takes over the number that any thread of the process set last: ask first,
        // so that what is set here stays, whoever sets another number meanwhile.
        _ = torch.get_num_threads();
        torch.set_num_threads(IntraOpThreads);
    }

    private static int CoresPerWorker(int cores, int? workers) => Math.Max(1, cores / (workers ?? cores));

    private static bool Pin(IReadOnlyList<int>? cores, int workers, double? limit, ILogger logger)
    {
        if (cores is null)
        {
            PipelineLog.CannotPin(logger);
            return false;
        }

        // Cores that are shared with other containers: the system knows better which is free.
        if (limit < cores.Count)
        {
            PipelineLog.TimeIsLimited(logger, limit.Value, cores.Count);
            return false;
        }

        if (cores.Count >= workers) return true;
        PipelineLog.TooFewCores(logger, workers, cores.Count);
        return false;
    }
}
