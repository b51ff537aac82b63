namespace PipelineSdk.Testing;

/// <summary>A pipeline computed something else than its uncut model.</summary>
public sealed class PipelineEquivalenceException : Exception
{
    internal PipelineEquivalenceException(string model, int step, EquivalenceSubject subject, string? name, double largestDifference, string difference, string reason)
        : base($"The pipeline of {model} differs from the uncut model in step {step}: {Describe(subject, name)} {difference}. {reason}")
    {
        Step = step;
        Subject = subject;
        Name = name;
        LargestDifference = largestDifference;
        Reason = reason;
    }

    /// <summary>The step, counted from 0.</summary>
    public int Step { get; }

    /// <summary>What differs first: losses are compared before gradients, these before buffers, these before weights.</summary>
    public EquivalenceSubject Subject { get; }

    /// <summary>The parameter or buffer, as <c>state_dict</c> names it; null for the loss.</summary>
    public string? Name { get; }

    /// <summary>The largest absolute difference of two elements; not a number where one side has none, or another shape or element type.</summary>
    public double LargestDifference { get; }

    /// <summary>What most likely causes it, from what the model and the options are.</summary>
    public string Reason { get; }

    private static string Describe(EquivalenceSubject subject, string? name) => subject switch
    {
        EquivalenceSubject.Loss => "the loss",
        EquivalenceSubject.Gradient => $"the gradient of '{name}'",
        EquivalenceSubject.Buffer => $"the buffer '{name}'",
        _ => $"the weight '{name}' after the optimizer's step",
    };
}
