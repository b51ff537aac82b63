using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace ResNet.Training;

/// <summary>
/// The speed-up over one thread that a schedule leaves room for: the stages' measured work, run one after the other, over the time of the
/// same work run on paper with no waiting but what the schedule's own order asks for.
/// </summary>
/// <param name="SpeedUp">Never more than there are cores.</param>
/// <param name="StageSeconds">Forward and backward of one micro-batch, by stage, as measured.</param>
/// <param name="SecondsPerImage">All stages' work, as measured.</param>
/// <param name="FlushBubble">The share of all workers' time without work, on paper.</param>
/// <param name="MeasuredFlushBubble">The same as it ran.</param>
internal sealed record Bound(
    double SpeedUp, IReadOnlyList<double> StageSeconds, double SecondsPerImage, double FlushBubble, double MeasuredFlushBubble)
{
    /// <param name="schedule">The schedule that ran.</param>
    /// <param name="timelines">The steps that ran; those with fewer micro-batches than others are left out.</param>
    /// <param name="microBatch">Images per micro-batch.</param>
    public static Bound Of(PipelineSchedule schedule, IReadOnlyList<StepTimeline> timelines, int microBatch)
    {
        int microBatches = timelines.Max(step => step.MicroBatches);
        var whole = timelines.Where(step => step.MicroBatches == microBatches).ToList();
        var summaries = (whole.Count > 1 ? whole.Skip(1) : whole).Select(TimelineSummary.Of).ToList();
        int stages = timelines[0].StageNames.Count;
        var costs = Enumerable.Range(0, stages).Select(stage => new StageCosts(Mean(ActionKind.Forward, stage), 0, 0)
        {
            Backward = Mean(ActionKind.Backward, stage),
        }).ToList();
        var program = schedule.Build(new ScheduleShape(timelines[0].Workers, stages, microBatches));
        var simulation = ScheduleSimulator.Run(program, new ScheduleCosts(costs));
        var stageSeconds = costs.Select(cost => cost.Forward + cost.Backward).ToList();
        return new Bound(
            Math.Min(stageSeconds.Sum() * microBatches / simulation.Makespan, Environment.ProcessorCount),
            stageSeconds, stageSeconds.Sum() / microBatch, simulation.FlushBubbleFraction, summaries.Average(summary => summary.FlushBubbleFraction));

        double Mean(ActionKind kind, int stage) => summaries.Average(summary => summary.MeanCost(stage, kind)?.TotalSeconds ?? 0);
    }
}
