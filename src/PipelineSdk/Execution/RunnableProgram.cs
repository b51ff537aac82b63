using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>What programs ask of the options.</summary>
internal static class RunnableProgram
{
    /// <exception cref="ArgumentException">The options lack what the program needs, or ask for what it can't do.</exception>
    public static ScheduleProgram Require(ScheduleProgram program, PipelineOptions options)
    {
        if (!program.IsAsynchronous) return program;
        if (options.Optimizer is null)
        {
            throw new ArgumentException(
                $"{program.ScheduleName} has no flush: every stage changes its weights within a run. Set PipelineOptions.Optimizer, such as "
                + "parameters => torch.optim.SGD(parameters, 0.1), or choose a schedule with a flush.");
        }

        if (options.MaxGradientNorm is not null) throw NoFlush(program, nameof(options.MaxGradientNorm), "a norm over all stages needs all their gradients at one time");
        if (options.AccumulationSteps > 1)
            throw NoFlush(program, nameof(options.AccumulationSteps), "how many micro-batches go into one change of the weights is the schedule's, as in PipeDream-2BW");
        return program;
    }

    /// <summary>Why a planner should not choose the program by itself; null where it may.</summary>
    public static string? Reason(ScheduleProgram program) => program.IsAsynchronous
        ? "It changes the weights without a flush, so that gradients are stale: choose it yourself, with PipelineOptions.Schedule."
        : null;

    private static ArgumentException NoFlush(ScheduleProgram program, string option, string reason)
        => new($"PipelineOptions.{option} is set, but {program.ScheduleName} has no flush: {reason}. Leave it unset, or choose a schedule with a flush.");
}
