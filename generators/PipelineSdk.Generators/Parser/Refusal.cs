namespace PipelineSdk.Generators.Parser;

/// <summary>Why a value can't be handed on, and what to do.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record Refusal(string Reason, string Remedy)
{
    public const string HandOnTensors = "hand on the tensors in variables of their own";

    /// <summary>The same of a value that holds the refused one.</summary>
    public Refusal In(string part) => new($"it holds {part}: {Reason}", Remedy);
}
