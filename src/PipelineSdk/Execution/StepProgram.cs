using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>The actions of every worker in one step, proven.</summary>
/// <param name="Program">The actions.</param>
/// <param name="Split">Which of the backwards are split.</param>
internal sealed record StepProgram(ScheduleProgram Program, SplitBackwards Split);
