namespace PipelineSdk.Schedules;

/// <summary>When an action ran in a simulation, in the unit of the costs.</summary>
/// <param name="Worker">The worker that ran it.</param>
/// <param name="Slot">Its position in the worker's program.</param>
/// <param name="Action">Stage, kind and micro-batch.</param>
/// <param name="Start">When its work began.</param>
/// <param name="End">When its work was done.</param>
public readonly record struct SimulatedAction(int Worker, int Slot, PipelineAction Action, double Start, double End);
