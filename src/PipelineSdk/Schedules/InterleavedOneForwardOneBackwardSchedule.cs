namespace PipelineSdk.Schedules;

/// <summary>1F1B over several stages per worker: a smaller bubble for more transfers and more activations.</summary>
/// <remarks>
/// <para>Rule: worker r owns the stages r, r+p, r+2p, ... (v of them). Micro-batches go in rounds of g, about p (see below);
/// within a round forwards take the worker's stages in ascending order, backwards in descending order. Worker r runs
/// w = min((v-1)g + 2(p-1-r), m v) forwards, then one forward and one backward in turn, then the w backwards that are left. There
/// are floor(m/p) rounds, at least one, as equal as possible; g is the size of the largest.</para>
/// <para>Source: Narayanan et al., "Efficient Large-Scale Language Model Training on GPU Clusters Using Megatron-LM", 2021,
/// section 2.2; rounds of more than p micro-batches as in PyTorch, here also of unequal size.</para>
/// <para>Closed forms, F and B the times of all stages of a worker, equal stages, free transfers, any m at least p: makespan
/// m(F+B) + (p-1)(F+B)/v, flush bubble (p-1)(F+B)/v; min(m v, (v-1)g + 2(p-1-r) + 1) forwards in flight on worker r. Fewer
/// micro-batches than workers run in one round, with a larger bubble.</para>
/// </remarks>
public sealed class InterleavedOneForwardOneBackwardSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "Interleaved1F1B";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotLooped(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        var forwards = InterleavedRounds.Forwards(shape);
        var backwards = InterleavedRounds.Backwards(shape);
        int chunks = shape.Stages / shape.Workers;
        var workers = new PipelineAction[shape.Workers][];
        for (int worker = 0; worker < shape.Workers; worker++)
        {
            var actions = new ProgramWriter(2 * forwards.Length);
            long wanted = ((chunks - 1L) * InterleavedRounds.Largest(shape)) + (2L * (shape.Workers - 1 - worker));
            int warmUp = (int)Math.Min(wanted, forwards.Length);
            for (int i = 0; i < forwards.Length + warmUp; i++)
            {
                if (i < forwards.Length)
                {
                    actions.Forward((forwards[i].Chunk * shape.Workers) + worker, forwards[i].MicroBatch);
                }

                if (i >= warmUp)
                {
                    var (chunk, microBatch) = backwards[i - warmUp];
                    actions.Backward((chunk * shape.Workers) + worker, microBatch);
                }
            }

            workers[worker] = actions.ToArray();
        }

        return new ScheduleProgram(Name, shape, StagePlacement.Looped(shape), workers);
    }
}
