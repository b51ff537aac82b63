namespace PipelineSdk.Schedules;

/// <summary>Forwards alone, for evaluation and inference.</summary>
/// <remarks>
/// <para>Rule: every worker runs, for micro-batch 0 to m-1, the forwards of its stages (stage s on worker s mod p) in ascending
/// order, where it has several chunk by chunk over rounds of p micro-batches.</para>
/// <para>Closed forms, p workers, one stage each, equal stages, free transfers: makespan (m+p-1)F, flush bubble (p-1)F. Any m at
/// least 1 works.</para>
/// </remarks>
public sealed class ForwardOnlySchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "ForwardOnly";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotAny(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        var workers = new PipelineAction[shape.Workers][];
        for (int worker = 0; worker < shape.Workers; worker++)
        {
            var actions = new ProgramWriter(shape.MicroBatches);
            for (int round = 0; round < shape.MicroBatches; round += shape.Workers)
            {
                for (int stage = worker; stage < shape.Stages; stage += shape.Workers)
                {
                    for (int i = round; i < Math.Min(round + shape.Workers, shape.MicroBatches); i++)
                    {
                        actions.Forward(stage, i);
                    }
                }
            }

            workers[worker] = actions.ToArray();
        }

        return new ScheduleProgram(Name, shape, StagePlacement.Looped(shape), workers);
    }
}
