namespace PipelineSdk.Schedules;

/// <summary>What is wrong with a program that <see cref="ScheduleCheck"/> refuses.</summary>
public enum ScheduleViolation
{
    /// <summary>The programs do not have the form of the shape: a worker or an owner is missing.</summary>
    WrongShape,

    /// <summary>An action names a stage, kind or micro-batch that does not exist.</summary>
    UnknownAction,

    /// <summary>An action stands in the program of a worker that does not own its stage.</summary>
    WrongWorker,

    /// <summary>An action occurs twice, or a backward occurs both whole (B) and split (I, W).</summary>
    DuplicateAction,

    /// <summary>An action that the step needs occurs nowhere.</summary>
    MissingAction,

    /// <summary>A worker's own program runs an action before one whose result it needs.</summary>
    DependencyOrder,

    /// <summary>A link hands over micro-batches in an order other than the one they are taken in.</summary>
    LinkOrder,

    /// <summary>A version of the weights is read before it is made, differs between a forward and its backward, or loses
    /// gradients.</summary>
    WeightVersion,

    /// <summary>Workers wait for one another in a circle, however many messages the links hold.</summary>
    Deadlock,

    /// <summary>The program runs, but not with links as small as the given capacity.</summary>
    LinkCapacity,
}
