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
                $"The runtime can't run {program.ScheduleName} yet: it {reason}. Schedules with whole backwards and one stage per worker "
                + "run, such as PipelineSchedule.OneForwardOneBackward and PipelineSchedule.GPipe.");
        }

        return program;
    }

    private static string? WhyNot(ScheduleProgram program)
    {
        if (program.IsAsynchronous) return "steps the optimizer without a flush";
        if (Enumerable.Range(0, program.Shape.Stages).Any(stage => program.WorkerOf(stage) != stage)) return "places several stages on a worker";
        return program.Workers.Any(worker => worker.Any(action => action.Kind is not (ActionKind.Forward or ActionKind.Backward)))
            ? "splits backwards into input and weight gradients"
            : null;
    }
}
