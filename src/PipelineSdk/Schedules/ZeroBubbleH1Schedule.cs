namespace PipelineSdk.Schedules;

/// <summary>1F1B with split backwards: weight gradients fill the bubbles, at the memory of 1F1B's first worker. Also called
/// ZB1P.</summary>
/// <remarks>
/// <para>Rule: worker r runs min(p-1-r, m) forwards, then one F and one I in turn, then the I that are left; from backward r on,
/// every I is followed by the oldest W that is left; the rest of them ends the step.</para>
/// <para>Source: Qi et al., "Zero Bubble Pipeline Parallelism", 2023, section 2.3.</para>
/// <para>Closed forms, equal stages, free transfers, m at least p, W no longer than F and I: makespan m(F+I+W) + (p-1)(F+I-W),
/// flush bubble (p-1)(F+I-W); min(p, m) micro-batches in flight (F to W), p-r until the input gradient. Fewer micro-batches than
/// workers work, with a larger bubble.</para>
/// </remarks>
public sealed class ZeroBubbleH1Schedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "ZB-H1";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotOnePerWorker(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape) => InterleavedZeroBubbleSchedule.Build(Name, Accept(shape));
}
