namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What is measured, and how often.</summary>
/// <param name="Rounds">How often everybody has their turn; medians are over them.</param>
/// <param name="Steps">Steps per turn.</param>
/// <param name="Stages">The numbers of stages.</param>
/// <param name="Schedules">The schedules, by name.</param>
/// <param name="Peers">Whether PyTorch is measured too, where it is installed.</param>
/// <param name="Python">The Python that has PyTorch.</param>
internal sealed record SpeedOptions(
    int Rounds, int Steps, IReadOnlyList<int> Stages, IReadOnlyList<string> Schedules, bool Peers, string Python);
