namespace PipelineSdk.Generators.Parser;

/// <summary>A run of steps in one stage, or one divided step, with the variables alive before it.</summary>
/// <param name="Stage">Its stage; the first, where it is divided over several.</param>
/// <param name="Steps">Its steps.</param>
/// <param name="LiveIn">The variables that it or a later segment needs, in slot order.</param>
internal sealed record Cut(int Stage, IReadOnlyList<Step> Steps, IReadOnlyList<Variable> LiveIn)
{
    /// <summary>The division it makes; it is then its only step.</summary>
    public Division? Division => Steps.Count == 1 ? Steps[0].Division : null;

    /// <summary>The last of its stages.</summary>
    public int LastStage => Division?.Members[0].Pinned?.Last ?? Stage;

    public bool Mentions(Variable variable) => Steps.Any(step => step.Mentions.Contains(variable));

    public bool Declares(Variable variable) => Steps.Any(step => step.Declares.Contains(variable));
}
