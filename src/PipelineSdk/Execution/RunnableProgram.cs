using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>Tells which programs the workers can run: schedules are built, proven and simulated for more than that.</summary>
internal static class RunnableProgram
{
    /// <exception cref="NotSupportedException">The runtime has no way to run the program yet.</exception>
    public static ScheduleProgram Require(ScheduleProgram program)
    {
        if (WhyNot(program) is { } reason)
        {
            throw new NotSupportedException(
                $"The runtime can't run {program.ScheduleName} yet: it {reason}. All schedules with a flush run, such as "
                + "PipelineSchedule.OneForwardOneBackward and PipelineSchedule.ZeroBubbleH1.");
        }

        return program;
    }

    /// <summary>Why the runtime can't run a program, as a sentence, or null where it can.</summary>
    public static string? Reason(ScheduleProgram program) => WhyNot(program) is { } reason ? $"The runtime can't run it yet: it {reason}." : null;

    /// <summary>Why the runtime can't run a program, as what follows "it", or null where it can.</summary>
    public static string? WhyNot(ScheduleProgram program) => program.IsAsynchronous ? "steps the optimizer without a flush" : null;
}
