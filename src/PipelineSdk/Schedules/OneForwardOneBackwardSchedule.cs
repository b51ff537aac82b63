namespace PipelineSdk.Schedules;

/// <summary>One forward, one backward in turn after a short warm-up: 1F1B, also called PipeDream-flush.</summary>
/// <remarks>
/// <para>Rule: worker r runs w = min(p-1-r, m) forwards, then m-w pairs of one forward and one backward, then w backwards.</para>
/// <para>Source: Narayanan et al., "PipeDream: Generalized Pipeline Parallelism for DNN Training", 2019, section 3.2 (the order);
/// Narayanan et al., "Memory-Efficient Pipeline-Parallel DNN Training", 2021, section 3.2 (PipeDream-Flush).</para>
/// <para>Closed forms, p workers, m micro-batches, equal stages, free transfers: makespan (m+p-1)(F+B), flush bubble (p-1)(F+B),
/// the same as GPipe; min(p-r, m) micro-batches in flight on worker r, which is what it is for. Any m at least 1 works.</para>
/// </remarks>
public sealed class OneForwardOneBackwardSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "1F1B";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotOnePerWorker(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        int microBatches = shape.MicroBatches;
        var workers = new PipelineAction[shape.Workers][];
        for (int worker = 0; worker < shape.Workers; worker++)
        {
            var actions = new ProgramWriter(2 * microBatches);
            int warmUp = Math.Min(shape.Workers - 1 - worker, microBatches);
            for (int i = 0; i < warmUp; i++)
            {
                actions.Forward(worker, i);
            }

            for (int i = warmUp; i < microBatches; i++)
            {
                actions.Forward(worker, i);
                actions.Backward(worker, i - warmUp);
            }

            for (int i = microBatches - warmUp; i < microBatches; i++)
            {
                actions.Backward(worker, i);
            }

            workers[worker] = actions.ToArray();
        }

        return new ScheduleProgram(Name, shape, StagePlacement.Looped(shape), workers);
    }
}
