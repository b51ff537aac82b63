namespace PipelineSdk.Schedules;

/// <summary>All forwards, then all backwards (fill and drain).</summary>
/// <remarks>
/// <para>Rule: every worker runs F of micro-batch 0 to m-1, then B of every micro-batch.</para>
/// <para>Source: Huang et al., "GPipe: Efficient Training of Giant Neural Networks using Pipeline Parallelism", 2019, section
/// 2.3; the descending order is that of Kim et al., "torchgpipe", 2020, section 2.2.1, the ascending one that of PyTorch.</para>
/// <para>Closed forms, p workers, m micro-batches, equal stages, free transfers: makespan (m+p-1)(F+B), flush bubble (p-1)(F+B),
/// m micro-batches in flight on every worker. Any m at least 1 works.</para>
/// </remarks>
public sealed class GPipeSchedule : PipelineSchedule
{
    /// <summary>The schedule with backwards in the given order.</summary>
    /// <param name="backwardOrder">Ascending by default: gradients are then summed in the same order as under 1F1B.</param>
    public GPipeSchedule(MicroBatchOrder backwardOrder = MicroBatchOrder.Ascending) => BackwardOrder = backwardOrder;

    /// <summary>The order of the backwards.</summary>
    public MicroBatchOrder BackwardOrder { get; }

    /// <inheritdoc/>
    public override string Name => BackwardOrder == MicroBatchOrder.Ascending ? "GPipe" : "GPipe-Descending";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotOnePerWorker(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        var workers = new PipelineAction[shape.Workers][];
        for (int worker = 0; worker < shape.Workers; worker++)
        {
            var actions = new ProgramWriter(2 * shape.MicroBatches);
            for (int i = 0; i < shape.MicroBatches; i++)
            {
                actions.Forward(worker, i);
            }

            for (int i = 0; i < shape.MicroBatches; i++)
            {
                actions.Backward(worker, BackwardOrder == MicroBatchOrder.Ascending ? i : shape.MicroBatches - 1 - i);
            }

            workers[worker] = actions.ToArray();
        }

        return new ScheduleProgram(Name, shape, StagePlacement.Looped(shape), workers);
    }
}
