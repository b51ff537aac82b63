namespace PipelineSdk.Schedules;

/// <summary>What an action computes.</summary>
public enum ActionKind
{
    /// <summary>F: the stage's output from its input.</summary>
    Forward,

    /// <summary>B: all gradients of the stage at once, those of its input and those of its weights.</summary>
    Backward,

    /// <summary>I: only the gradient of the stage's input, which the stage before waits for.</summary>
    InputGradient,

    /// <summary>W: only the gradients of the stage's weights, which nobody waits for before the step ends.</summary>
    WeightGradient,

    /// <summary>
    /// U: the optimizer's step for the stage alone, after the micro-batch's gradients; it makes the next version of the stage's
    /// weights. Only schedules without flushes have it.
    /// </summary>
    Update,
}
