namespace PipelineSdk.Generators.Model;

/// <summary>A line of a segment's method: one of the user's statements, or one that is generated.</summary>
/// <param name="Prefix">Text put before the user's, such as <c>var stemResult = </c>.</param>
/// <param name="Text">The text. The user's later lines keep their own indentation, so that columns stay true.</param>
/// <param name="Suffix">Text put after the user's.</param>
/// <param name="Span">Where the text stands in the user's file; null for generated text.</param>
internal sealed record StatementModel(string Prefix, string Text, string Suffix, SourceSpan? Span)
{
    /// <summary>How many blocks around the statement are open.</summary>
    public int Depth { get; init; }

    public static StatementModel Generated(string text, int depth = 0) => new("", text, "", null) { Depth = depth };
}
