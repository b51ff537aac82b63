using Microsoft.Extensions.Logging;
using TorchSharp;

namespace PipelineSdk.Execution;

/// <summary>Cores and intra-op threads of the workers.</summary>
/// <param name="Cores">The cores of each worker; null where workers are not pinned.</param>
/// <param name="IntraOpThreads">Threads libtorch may use inside one operation of one worker.</param>
/// <param name="Device">Where the stages run, as spans name it.</param>
internal sealed record WorkerThreadSettings(IReadOnlyList<IReadOnlyList<int>>? Cores, int IntraOpThreads, string Device)
{
    /// <summary>As much stack as a main thread has: forward was written to run there.</summary>
    public const int StackSize = 8 * 1024 * 1024;

    /// <summary>The cores that this process may use.</summary>
    public static int AllowedCores => ThreadAffinity.AllowedCores()?.Count ?? Environment.ProcessorCount;

    /// <summary>The cores that each of a number of workers gets, at least 1; of as many workers as cores where null.</summary>
    public static int CoresPerWorker(int? workers) => Math.Max(1, AllowedCores / (workers ?? AllowedCores));

    /// <summary>Shares out the cores that this process may use.</summary>
    public static WorkerThreadSettings Share(PipelineOptions options, int workers, string device, ILogger logger)
    {
        var cores = ThreadAffinity.AllowedCores();
        var perWorker = CoresPerWorker(workers);
        var pinned = options.PinThreads && Pin(cores, workers, logger);
        return new WorkerThreadSettings(
            pinned ? [.. Enumerable.Range(0, workers).Select(i => (IReadOnlyList<int>)[.. cores!.Skip(i * perWorker).Take(perWorker)])] : null,
            options.IntraOpThreads ?? perWorker,
            device);
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

    private static bool Pin(IReadOnlyList<int>? cores, int workers, ILogger logger)
    {
        if (cores is null)
        {
            PipelineLog.CannotPin(logger);
            return false;
        }

        if (cores.Count >= workers) return true;
        PipelineLog.TooFewCores(logger, workers, cores.Count);
        return false;
    }
}
