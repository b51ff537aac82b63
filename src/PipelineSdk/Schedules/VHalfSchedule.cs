namespace PipelineSdk.Schedules;

/// <summary>Two stages per worker in the form of a V, at about half the activation memory of 1F1B's first worker.</summary>
/// <remarks>
/// <para>Rule: worker r owns stage r (0) and stage 2p-1-r (1). Its building block has F0 in slot 2r, F1 in slot 3p-2-r, I1 in
/// slot 3p-1+d+2r and I0 in slot 6p-2+d-r, with d = 3 for even p and 0 for odd; it is repeated every six slots, W takes free
/// slots, and both ends are tightened within the memory of the steady state.</para>
/// <para>Source: Qi et al., "Pipeline Parallelism with Controllable Memory", 2024, section 4 (V-Half).</para>
/// <para>Figures, equal stages, F = I = W, free transfers: about p/2 + 1 micro-batches of both stages in flight on every worker
/// (6 forwards for p = 4); a bubble of about half of 1F1B's. Any m at least 1 works.</para>
/// </remarks>
public sealed class VHalfSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "V-Half";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotFoldedV(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        int p = shape.Workers;
        int d = p % 2 == 0 ? 3 : 0;
        return VBlock.Build(Name, shape, r => [2 * r, (3 * p) - 2 - r, (3 * p) - 1 + d + (2 * r), (6 * p) - 2 + d - r]);
    }
}
