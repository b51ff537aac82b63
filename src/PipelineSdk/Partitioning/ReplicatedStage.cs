namespace PipelineSdk.Partitioning;

/// <summary>A stage that several machines run, each on its share of the mini-batches.</summary>
/// <param name="Start">Its first segment.</param>
/// <param name="End">The segment after its last.</param>
/// <param name="Replicas">The machines that run it.</param>
/// <param name="Work">The time of its forwards and backwards on one machine.</param>
/// <param name="Time">The time per mini-batch with all replicas, their gradients' exchange included.</param>
public readonly record struct ReplicatedStage(int Start, int End, int Replicas, double Work, double Time);
