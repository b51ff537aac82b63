namespace PipelineSdk.Schedules;

/// <summary>Interleaved 1F1B with split backwards: weight gradients wait, and fill what would be bubble.</summary>
/// <remarks>
/// <para>Rule: as Interleaved 1F1B, with a warm-up of w = min((v-1)g + (p-1-r), m v) forwards on worker r and I in place of B;
/// from backward r on, every I is followed by the oldest W that is left, so that worker r is r weight gradients behind; the rest
/// of them ends the step.</para>
/// <para>Source: Qi et al., "Zero Bubble Pipeline Parallelism", 2023, sections 2.3 and 4; the order is PyTorch's, rounds of
/// unequal size are ours.</para>
/// <para>Closed forms, F, I and W the times of all stages of a worker, equal stages, free transfers, any m at least p, W no
/// longer than F and I: makespan m(F+I+W) + (p-1)(F+I-W)/v, flush bubble (p-1)(F+I-W)/v; v p forwards in flight (F to W) where p
/// divides m.</para>
/// </remarks>
public sealed class InterleavedZeroBubbleSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "InterleavedZeroBubble";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotLooped(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape) => Build(Name, Accept(shape));

    internal static ScheduleProgram Build(string name, ScheduleShape shape)
    {
        var forwards = InterleavedRounds.Forwards(shape);
        var backwards = InterleavedRounds.Backwards(shape);
        int chunks = shape.Stages / shape.Workers;
        var workers = new PipelineAction[shape.Workers][];
        for (int worker = 0; worker < shape.Workers; worker++)
        {
            var actions = new ProgramWriter(3 * forwards.Length);
            long wanted = ((chunks - 1L) * InterleavedRounds.Largest(shape)) + shape.Workers - 1 - worker;
            int warmUp = (int)Math.Min(wanted, forwards.Length);
            int weights = 0;
            for (int i = 0; i < forwards.Length + warmUp; i++)
            {
                if (i < forwards.Length)
                {
                    actions.Forward((forwards[i].Chunk * shape.Workers) + worker, forwards[i].MicroBatch);
                }

                if (i >= warmUp)
                {
                    Add(ActionKind.InputGradient, backwards[i - warmUp]);
                }

                if (i - warmUp >= worker)
                {
                    Add(ActionKind.WeightGradient, backwards[weights++]);
                }
            }

            while (weights < backwards.Length)
            {
                Add(ActionKind.WeightGradient, backwards[weights++]);
            }

            workers[worker] = actions.ToArray();

            void Add(ActionKind kind, (int Chunk, int MicroBatch) backward) =>
                actions.Add((backward.Chunk * shape.Workers) + worker, kind, backward.MicroBatch);
        }

        return new ScheduleProgram(name, shape, StagePlacement.Looped(shape), workers);
    }
}
