using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Diagnostics;

/// <summary>Something to report, by value: its place is looked up only when it is reported.</summary>
/// <param name="Descriptor">What is reported.</param>
/// <param name="FilePath">The source file.</param>
/// <param name="Span">The place in it.</param>
/// <param name="Arguments">The arguments of the message.</param>
internal sealed record PlacedReport(DiagnosticDescriptor Descriptor, string FilePath, TextSpan Span, EquatableArray<string> Arguments)
{
    /// <summary>The report as a diagnostic at its place in the compilation.</summary>
    public ReportedDiagnostic Locate(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == FilePath);
        return new ReportedDiagnostic(Diagnostic.Create(
            Descriptor, tree is null ? Location.None : Location.Create(tree, Span), [.. Arguments]));
    }
}
