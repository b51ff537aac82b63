using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>What a schedule is built for.</summary>
/// <param name="Workers">Workers (ranks), at least 1.</param>
/// <param name="Stages">Stages, at least as many as workers.</param>
/// <param name="MicroBatches">Micro-batches per step, at least 1.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
public sealed record ScheduleShape(int Workers, int Stages, int MicroBatches)
{
    /// <summary>Workers (ranks), at least 1.</summary>
    public int Workers { get; init => field = Guard.AtLeast(1, value, nameof(Workers), "The number of workers"); }
        = Guard.AtLeast(1, Workers, nameof(Workers), "The number of workers");

    /// <summary>Stages, at least as many as workers.</summary>
    public int Stages { get; init => field = Guard.AtLeast(1, value, nameof(Stages), "The number of stages"); }
        = Guard.AtLeast(1, Stages, nameof(Stages), "The number of stages");

    /// <summary>Micro-batches per step, at least 1.</summary>
    public int MicroBatches { get; init => field = Guard.AtLeast(1, value, nameof(MicroBatches), "The number of micro-batches"); }
        = Guard.AtLeast(1, MicroBatches, nameof(MicroBatches), "The number of micro-batches");

    /// <inheritdoc/>
    public override string ToString() => Invariant(
        $"{Workers} worker{(Workers == 1 ? "" : "s")}, {Stages} stage{(Stages == 1 ? "" : "s")}, {MicroBatches} micro-batch{(MicroBatches == 1 ? "" : "es")}");
}
