using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Parser;

namespace PipelineSdk.Generators.Analyzers;

/// <summary>Tells once per class that layers are run with <c>forward</c>, where hooks don't run: what the pipeline does with hooks does not reach them.</summary>
/// <remarks>Not the generator's to report: the place moves with every line above, and the generator's results would not be cached.</remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class RunWithForwardAnalyzer : DiagnosticAnalyzer
{
    // Those that the runtime hooks: split backwards, dropout from a generator of its own, deferred batch statistics.
    private static readonly HashSet<string> Hooked = new(StringComparer.Ordinal)
    {
        "Linear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d", "Dropout", "BatchNorm1d", "BatchNorm2d", "BatchNorm3d",
    };

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(DiagnosticCatalogue.RunWithForward);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(AttributeNames.Pipeline) is not { } pipeline) return;
            start.RegisterOperationBlockAction(block =>
            {
                if (block.OwningSymbol is not IMethodSymbol { Name: "forward", IsOverride: true } method) return;
                if (!method.ContainingType.GetAttributes().Any(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, pipeline))) return;
                var first = block.OperationBlocks.Where(body => body.SemanticModel is not null).SelectMany(body => CallsIn(body.Syntax, body.SemanticModel!))
                    .OrderBy(access => access.Name.SpanStart)
                    .FirstOrDefault();
                if (first is not null)
                    block.ReportDiagnostic(Diagnostic.Create(DiagnosticCatalogue.RunWithForward, first.Name.GetLocation(), first.Expression.ToString()));
            });
        });
    }

    /// <summary>The places, as <c>layer.forward</c>.</summary>
    internal static IEnumerable<MemberAccessExpressionSyntax> CallsIn(SyntaxNode body, SemanticModel semantics) => body.DescendantNodesAndSelf()
        .OfType<InvocationExpressionSyntax>()
        .Select(call => call.Expression)
        .OfType<MemberAccessExpressionSyntax>()
        .Where(access => access.Name.Identifier.ValueText == "forward" && semantics.GetTypeInfo(access.Expression).Type is { ContainingNamespace.Name: "Modules" } layer
            && Hooked.Contains(layer.Name) && TorchTypes.IsTorchSharp(layer));
}
