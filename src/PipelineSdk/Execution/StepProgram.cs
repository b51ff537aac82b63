using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>The actions of every worker in one step, proven.</summary>
/// <param name="Program">The actions.</param>
/// <param name="Split">Which of the backwards are split.</param>
/// <param name="Updates">How the weights change within the run; null where they change after the flush.</param>
internal sealed record StepProgram(ScheduleProgram Program, SplitBackwards Split, UpdatesWithinRun? Updates);
