namespace PipelineSdk.Generators.Parser;

/// <summary>A run of steps in one stage, with the variables alive before it.</summary>
/// <param name="Stage">Its stage.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="LiveIn">The variables that it or a later segment needs, in slot order.</param>
internal sealed record Cut(int Stage, IReadOnlyList<Step> Steps, IReadOnlyList<Variable> LiveIn)
{
    public bool Mentions(Variable variable) => Steps.Any(step => step.Mentions.Contains(variable));

    public bool Declares(Variable variable) => Steps.Any(step => step.Declares.Contains(variable));
}
