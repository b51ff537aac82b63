using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>PipeDream-2BW: 1F1B without flushes, with gradients summed over several micro-batches and two versions of the
/// weights. Asynchronous.</summary>
/// <remarks>
/// <para>Rule: the order of 1F1B over all m micro-batches of a run. They form batches of g; the micro-batches of batch t read
/// version max(0, t-1) of the weights on every stage, and the last backward of the batch is followed by the optimizer's step,
/// which makes version t+1 from version t: W(t+1) = W(t) - lr * gradient at W(t-1). The last batch may be smaller.</para>
/// <para>Source: Narayanan et al., "Memory-Efficient Pipeline-Parallel DNN Training", 2021, section 3.1 (2BW).</para>
/// <para>Closed forms, equal stages, free transfers and steps: makespan (m+p-1)(F+B), one fill and drain in the whole run;
/// gradients one step stale from the second batch on; two versions of the weights on every stage; min(p-r, m) micro-batches in
/// flight. Defined for g at least p.</para>
/// </remarks>
public sealed class PipeDreamTwoBufferedWeightsSchedule : PipelineSchedule
{
    /// <summary>The schedule with batches of the given size.</summary>
    /// <param name="microBatchesPerUpdate">The micro-batches whose gradients make one step, at least 1; as many as workers unless
    /// set.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public PipeDreamTwoBufferedWeightsSchedule(int? microBatchesPerUpdate = null) => MicroBatchesPerUpdate = microBatchesPerUpdate is int number
        ? Guard.AtLeast(1, number, nameof(microBatchesPerUpdate), "The number of micro-batches per update")
        : null;

    /// <summary>The micro-batches whose gradients make one step; null for as many as workers.</summary>
    public int? MicroBatchesPerUpdate { get; }

    /// <inheritdoc/>
    public override string Name => MicroBatchesPerUpdate is int number ? Invariant($"PipeDream-2BW/{number}") : "PipeDream-2BW";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) =>
        StagePlacement.WhyNotOnePerWorker(Name, Guard.NotNull(shape, nameof(shape)))
        ?? (MicroBatchesPerUpdate is not int number || number >= shape.Workers ? null : Invariant(
            $"{Name} steps after {number} micro-batches, but two versions of the weights suffice only for at least as many as workers, {shape.Workers}."));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        int m = shape.MicroBatches;
        int batch = MicroBatchesPerUpdate ?? shape.Workers;
        var workers = new PipelineAction[shape.Stages][];
        for (int stage = 0; stage < workers.Length; stage++)
        {
            var actions = new ProgramWriter((2 * m) + (m / batch) + 1);
            int warmUp = Math.Min(shape.Stages - 1 - stage, m);
            for (int i = 0; i < m + warmUp; i++)
            {
                if (i < m)
                {
                    actions.Add(stage, ActionKind.Forward, i, Math.Max(0, (i / batch) - 1));
                }

                int microBatch = i - warmUp;
                if (microBatch >= 0)
                {
                    actions.Add(stage, ActionKind.Backward, microBatch, Math.Max(0, (microBatch / batch) - 1));
                    if ((microBatch + 1) % batch == 0 || microBatch == m - 1)
                    {
                        actions.Add(stage, ActionKind.Update, microBatch, (microBatch / batch) + 1);
                    }
                }
            }

            workers[stage] = actions.ToArray();
        }

        return new ScheduleProgram(Name, shape, StagePlacement.Looped(shape), workers);
    }
}
