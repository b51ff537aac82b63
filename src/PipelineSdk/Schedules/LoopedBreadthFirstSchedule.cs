namespace PipelineSdk.Schedules;

/// <summary>GPipe over several stages per worker: looped BFS.</summary>
/// <remarks>
/// <para>Rule: worker r runs, for its stages r, r+p, r+2p, ... in ascending order, the forwards of micro-batch 0 to m-1; then,
/// for its stages in descending order, the backwards of micro-batch m-1 to 0.</para>
/// <para>Source: Lamy-Poirier, "Breadth-First Pipeline Parallelism", 2022, section 4; the descending micro-batches are
/// PyTorch's.</para>
/// <para>Closed forms, p workers, m at least p micro-batches, v stages per worker, F and B the times of all stages of a worker,
/// equal stages, free transfers: makespan m(F+B) + (p-1)(F+B)/v, flush bubble (p-1)(F+B)/v, m v forwards in flight. Any m at
/// least 1 works.</para>
/// </remarks>
public sealed class LoopedBreadthFirstSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "LoopedBFS";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotLooped(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        var workers = new PipelineAction[shape.Workers][];
        for (int worker = 0; worker < shape.Workers; worker++)
        {
            int chunks = shape.Stages / shape.Workers;
            var actions = new ProgramWriter(2 * chunks * shape.MicroBatches);
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                for (int microBatch = 0; microBatch < shape.MicroBatches; microBatch++)
                {
                    actions.Forward((chunk * shape.Workers) + worker, microBatch);
                }
            }

            for (int chunk = chunks - 1; chunk >= 0; chunk--)
            {
                for (int microBatch = shape.MicroBatches - 1; microBatch >= 0; microBatch--)
                {
                    actions.Backward((chunk * shape.Workers) + worker, microBatch);
                }
            }

            workers[worker] = actions.ToArray();
        }

        return new ScheduleProgram(Name, shape, StagePlacement.Looped(shape), workers);
    }
}
