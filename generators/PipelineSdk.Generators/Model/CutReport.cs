using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.Generators.Model;

/// <summary>What a cut carries, for those who ask.</summary>
/// <param name="FilePath">The file with <c>forward</c>.</param>
/// <param name="Span">What runs last before the cut.</param>
/// <param name="Number">The number of the cut, counted from 1.</param>
/// <param name="Place">What stands at <paramref name="Span"/>: a statement or an expression.</param>
/// <param name="Carried">The values, in words.</param>
internal sealed record CutReport(string FilePath, TextSpan Span, int Number, string Place, string Carried);
