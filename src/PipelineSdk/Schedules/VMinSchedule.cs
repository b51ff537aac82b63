namespace PipelineSdk.Schedules;

/// <summary>Two stages per worker in the form of a V, at about a third of the activation memory of 1F1B's first worker.</summary>
/// <remarks>
/// <para>Rule: worker r owns stage r (0) and stage 2p-1-r (1). Its building block has F0 in slot r, F1 in slot 2p-1-r, I1 in slot
/// 2p+d+r and I0 in slot 4p-1+d-r, with d = 2 where 3 divides p and 0 elsewhere; it is repeated every six slots, W takes free
/// slots, and both ends are tightened within the memory of the steady state.</para>
/// <para>Source: Qi et al., "Pipeline Parallelism with Controllable Memory", 2024, section 4 (V-Min).</para>
/// <para>Figures, equal stages, F = I = W, free transfers: about p/3 + 2/3 micro-batches of both stages in flight on every worker
/// (4 forwards for p = 4); a bubble of about two thirds of 1F1B's, growing with m where F, I and W differ. Any m at least 1
/// works.</para>
/// </remarks>
public sealed class VMinSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "V-Min";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotFoldedV(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        int p = shape.Workers;
        int d = p % 3 == 0 ? 2 : 0;
        return VBlock.Build(Name, shape, r => [r, (2 * p) - 1 - r, (2 * p) + d + r, (4 * p) - 1 + d - r]);
    }
}
