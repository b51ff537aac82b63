using PipelineSdk.Schedules;

namespace PipelineSdk.Partitioning;

/// <summary>A plan that works, with what the simulator found.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Simulation">Its step as simulated.</param>
/// <param name="SpeedUp">The time of the whole mini-batch on one worker, at once, divided by the plan's.</param>
/// <param name="Reason">What keeps it from being faster, for a person.</param>
public sealed record PlanCandidate(PipelinePlan Plan, ScheduleSimulation Simulation, double SpeedUp, string Reason);
