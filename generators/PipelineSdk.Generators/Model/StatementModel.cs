namespace PipelineSdk.Generators.Model;

/// <summary>One statement of a segment.</summary>
/// <param name="Prefix">Text put before the user's, such as <c>var stemResult = </c>.</param>
/// <param name="Text">The user's text. Its later lines keep their own indentation, so that columns stay true.</param>
/// <param name="Suffix">Text put after the user's.</param>
/// <param name="Span">Where the text stands in the user's file.</param>
internal sealed record StatementModel(string Prefix, string Text, string Suffix, SourceSpan Span);
