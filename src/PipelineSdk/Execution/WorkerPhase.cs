namespace PipelineSdk.Execution;

/// <summary>What a worker does with its current action.</summary>
internal enum WorkerPhase
{
    /// <summary>It has not turned to the step yet.</summary>
    NotBegun,

    /// <summary>It takes the action's input, and waits where there is none yet.</summary>
    TakesInput,

    /// <summary>It runs the action.</summary>
    Runs,

    /// <summary>It hands the action's result on, and waits where the link is full.</summary>
    HandsOn,

    /// <summary>It has ended its part of the step.</summary>
    Ended,
}
