using PipelineSdk.Schedules;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What is measured, and how often.</summary>
internal sealed record SpeedOptions
{
    /// <summary>What there is to measure: the workloads, by the beginnings of their names, and the rest.</summary>
    public static IReadOnlyList<string> Parts { get; } =
        ["overheads", "telemetry", "resnet20-512", "resnet20-128", "transformer", "mlp", "memory", "levers"];

    /// <summary>How often everybody has their turn; medians are over them.</summary>
    public int Rounds { get; init; } = 10;

    /// <summary>The numbers of workers.</summary>
    public IReadOnlyList<int> Workers { get; init; } = [1, 2, 3, 4];

    /// <summary>The schedules, by name.</summary>
    public IReadOnlyList<string> Schedules { get; init; } = [ScheduleNames.OneForwardOneBackward, ScheduleNames.GPipe, ScheduleNames.InterleavedOneForwardOneBackward, ScheduleNames.ZeroBubbleH1];

    /// <summary>Of <see cref="Parts"/> those that are measured; all where empty.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Whether PyTorch is measured too, where it is installed.</summary>
    public bool Peers { get; init; } = true;

    /// <summary>The Python that has PyTorch.</summary>
    public string Python { get; init; } = Environment.GetEnvironmentVariable("PIPELINESDK_PYTHON") ?? "/usr/bin/python3";

    /// <summary>Whether a workload, or another part, is measured.</summary>
    public bool Includes(string name) => Only.Count == 0 || Only.Any(part => name.StartsWith(part, StringComparison.Ordinal));

    /// <summary>The schedules of a number of workers: the first only for one worker, who runs the micro-batches one after another under any.</summary>
    public IEnumerable<string> SchedulesOf(int workers) => workers == 1 ? Schedules.Take(1) : Schedules;
}
