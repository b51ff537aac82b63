namespace PipelineSdk.Schedules;

/// <summary>1F1B without flushes: no bubble after the first micro-batches, paid with stale gradients and stored weights.
/// Asynchronous.</summary>
/// <remarks>
/// <para>Rule: stage s of n runs min(n-1-s, m) forwards; then for every micro-batch a forward with the newest weights, the
/// backward of the oldest micro-batch with the weights its forward read, and the optimizer's step for the stage; then the
/// backwards and steps that are left. The program covers all m micro-batches of a run; every one is a mini-batch of its
/// own.</para>
/// <para>Source: Narayanan et al., "PipeDream: Generalized Pipeline Parallelism for DNN Training", 2019, sections 3.2 and 3.3
/// (weight stashing, without vertical sync).</para>
/// <para>Closed forms, equal stages, free transfers and steps: makespan (m+p-1)(F+B), one fill and drain in the whole run; the
/// gradient of micro-batch k at stage s is min(k, n-1-s) steps stale; min(n-s, m) versions of the weights and as many
/// micro-batches are held at stage s. Any m at least 1 works.</para>
/// </remarks>
public sealed class PipeDreamSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "PipeDream";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotOnePerWorker(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        int m = shape.MicroBatches;
        var workers = new PipelineAction[shape.Stages][];
        for (int stage = 0; stage < workers.Length; stage++)
        {
            var actions = new ProgramWriter(3 * m);
            int warmUp = Math.Min(shape.Stages - 1 - stage, m);
            for (int i = 0; i < m + warmUp; i++)
            {
                if (i < m)
                {
                    actions.Add(stage, ActionKind.Forward, i, Read(i, warmUp));
                }

                if (i >= warmUp)
                {
                    int microBatch = i - warmUp;
                    actions.Add(stage, ActionKind.Backward, microBatch, Read(microBatch, warmUp));
                    actions.Add(stage, ActionKind.Update, microBatch, microBatch + 1);
                }
            }

            workers[stage] = actions.ToArray();
        }

        return new ScheduleProgram(Name, shape, StagePlacement.Looped(shape), workers);
    }

    /// <summary>The newest version when the forward of a micro-batch runs: one per backward before it.</summary>
    private static int Read(int microBatch, int warmUp) => Math.Max(0, microBatch - warmUp);
}
