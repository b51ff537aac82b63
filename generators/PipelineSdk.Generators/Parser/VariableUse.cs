using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.Generators.Parser;

/// <summary>A place in <c>forward</c> that names a parameter or a local variable.</summary>
/// <param name="Symbol">The parameter, local variable or local function.</param>
/// <param name="Span">The name.</param>
/// <param name="Reads">Whether its value is read there.</param>
/// <param name="Writes">Whether it is given a value there.</param>
internal sealed record VariableUse(ISymbol Symbol, TextSpan Span, bool Reads, bool Writes);
