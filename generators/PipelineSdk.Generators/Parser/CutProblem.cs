using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>Why a cut can't be made.</summary>
/// <param name="Diagnostic">What is reported where the user asked for the cut.</param>
/// <param name="FirstStage">The first of the stages that would have to be one.</param>
/// <param name="LastStage">The last of them.</param>
internal sealed record CutProblem(Diagnostic Diagnostic, int FirstStage, int LastStage)
{
    /// <summary>Divisions that would have to be left whole where the stages are one already.</summary>
    public IReadOnlyList<Division> Divisions { get; init; } = [];
}
