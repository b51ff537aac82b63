namespace PipelineSdk.Schedules;

/// <summary>One micro-batch at a time through all stages and back: naive model parallelism, the baseline of every
/// speed-up.</summary>
/// <remarks>
/// <para>Rule: for micro-batch 0 to m-1, every worker runs the forwards of its stages (stage s on worker s mod p) in ascending
/// order, then their backwards in descending order; the next micro-batch starts when the gradient has come back.</para>
/// <para>Source: Huang et al., "GPipe", 2019, figure 2(b).</para>
/// <para>Closed forms, equal workers, free transfers: makespan p m (F+B), flush bubble (p-1) m (F+B), one micro-batch in
/// flight.</para>
/// </remarks>
public sealed class SequentialSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "Sequential";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotAny(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        var workers = new PipelineAction[shape.Workers][];
        for (int worker = 0; worker < shape.Workers; worker++)
        {
            int chunks = (shape.Stages - worker + shape.Workers - 1) / shape.Workers;
            var actions = new ProgramWriter(2 * chunks * shape.MicroBatches);
            for (int microBatch = 0; microBatch < shape.MicroBatches; microBatch++)
            {
                for (int chunk = 0; chunk < chunks; chunk++)
                {
                    actions.Forward((chunk * shape.Workers) + worker, microBatch);
                }

                for (int chunk = chunks - 1; chunk >= 0; chunk--)
                {
                    actions.Backward((chunk * shape.Workers) + worker, microBatch);
                }
            }

            workers[worker] = actions.ToArray();
        }

        return new ScheduleProgram(Name, shape, StagePlacement.Looped(shape), workers);
    }
}
