using PipelineSdk.Schedules;

namespace PipelineSdk.Partitioning;

/// <summary>A combination that was tried and does not work.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Shape">Workers, stages and micro-batches.</param>
/// <param name="Reason">Why not, for a person.</param>
public sealed record PlanRejection(PipelineSchedule Schedule, ScheduleShape Shape, string Reason);
