namespace PipelineSdk.Schedules;

/// <summary>A program was refused. The message shows the programs with the offending action marked.</summary>
public sealed class ScheduleException : Exception
{
    /// <summary>A refusal without an action to point to.</summary>
    public ScheduleException(string message)
        : base(message) => Worker = Slot = -1;

    internal ScheduleException(
        ScheduleViolation violation, string message, PipelineAction? action, int worker, int slot, string scheduleName)
        : base(message)
    {
        Violation = violation;
        Action = action;
        Worker = worker;
        Slot = slot;
        ScheduleName = scheduleName;
    }

    /// <summary>What is wrong.</summary>
    public ScheduleViolation Violation { get; }

    /// <summary>The offending or missing action, where there is one.</summary>
    public PipelineAction? Action { get; }

    /// <summary>The worker in whose program it was found or missed; -1 where that is none.</summary>
    public int Worker { get; }

    /// <summary>The position of the offending action in that worker's program; -1 where it has none.</summary>
    public int Slot { get; }

    /// <summary>The schedule's name.</summary>
    public string ScheduleName { get; } = "";
}
