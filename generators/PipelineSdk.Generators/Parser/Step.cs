using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>A piece of <c>forward</c> that runs in one stage: a statement, or a part of one that runs before the rest of it.</summary>
internal sealed record Step
{
    /// <summary>Where it stands, for errors.</summary>
    public required SyntaxNode Node { get; init; }

    /// <summary>The stage of what it uses; null if it uses nothing that belongs to a stage.</summary>
    public int? Stage { get; init; }

    /// <summary>The use that decides <see cref="Stage"/>.</summary>
    public MemberUse? Deciding { get; init; }

    /// <summary>The division that the step makes: it then runs once per range of elements, each in a segment of its own.</summary>
    public Division? Division { get; init; }

    /// <summary>The blocks and scopes around it that are open across steps, the outermost first.</summary>
    public IReadOnlyList<Frame> Frames { get; init; } = [];

    /// <summary>A use that belongs to an earlier stage than <see cref="Stage"/>, where there is one.</summary>
    public MemberUse? Early { get; init; }

    /// <summary>What is emitted.</summary>
    public required StatementModel Code { get; init; }

    /// <summary>The members it uses.</summary>
    public required IReadOnlyList<MemberPart> Members { get; init; }

    /// <summary>Variables whose value from before it needs.</summary>
    public required IReadOnlyCollection<Variable> Reads { get; init; }

    /// <summary>Variables that surely have a new value after it.</summary>
    public required IReadOnlyCollection<Variable> Writes { get; init; }

    /// <summary>Variables that it names at all.</summary>
    public required IReadOnlyCollection<Variable> Mentions { get; init; }

    /// <summary>Variables that it declares.</summary>
    public required IReadOnlyCollection<Variable> Declares { get; init; }

    /// <summary>Constants and local functions that it names.</summary>
    public required IReadOnlyCollection<ISymbol> SharedDeclarations { get; init; }
}
