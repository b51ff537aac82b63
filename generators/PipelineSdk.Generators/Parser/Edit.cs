using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.Generators.Parser;

/// <summary>A part of the user's text that is written differently in a segment.</summary>
/// <param name="Span">The part.</param>
/// <param name="Text">What is written instead.</param>
/// <param name="Value">The temporary that <paramref name="Text"/> names.</param>
internal sealed record Edit(TextSpan Span, string Text, Variable? Value = null);
