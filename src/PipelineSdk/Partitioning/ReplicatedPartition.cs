using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>A model divided into stages with replicas.</summary>
/// <param name="Stages">The stages, in order.</param>
/// <param name="Time">The time per mini-batch in the steady state: that of the slowest stage, or of the widest cut.</param>
/// <param name="SingleMachineTime">The time per mini-batch on one machine.</param>
/// <param name="DataParallelTime">The time per mini-batch with the whole model on every machine.</param>
public sealed record ReplicatedPartition(
    IReadOnlyList<ReplicatedStage> Stages, double Time, double SingleMachineTime, double DataParallelTime)
{
    /// <summary>How many mini-batches keep the pipeline full: the machines for each machine of the first stage, rounded
    /// up.</summary>
    public int MiniBatchesInFlight
    {
        get
        {
            int machines = Stages.Sum(stage => stage.Replicas);
            return (machines + Stages[0].Replicas - 1) / Stages[0].Replicas;
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(" | ", Stages.Select(stage => Invariant($"{stage.Start}-{stage.End - 1} x{stage.Replicas}")));
}
