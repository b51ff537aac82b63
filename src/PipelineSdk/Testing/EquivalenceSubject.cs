namespace PipelineSdk.Testing;

/// <summary>What of a training step is compared.</summary>
public enum EquivalenceSubject
{
    /// <summary>The loss of the mini-batch.</summary>
    Loss,

    /// <summary>The gradient of a parameter.</summary>
    Gradient,

    /// <summary>A buffer, such as a running statistic.</summary>
    Buffer,

    /// <summary>A parameter after the optimizer's step.</summary>
    Weight,
}
