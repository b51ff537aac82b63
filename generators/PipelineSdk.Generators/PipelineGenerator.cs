using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Emitter;
using PipelineSdk.Generators.Model;
using PipelineSdk.Generators.Parser;
using PipelineSdk.Generators.Parser.Checks;

namespace PipelineSdk.Generators;

/// <summary>Cuts the <c>forward</c> method of every <c>[Pipeline]</c> class into segments that a pipeline can place.</summary>
/// <remarks>
/// One parse, three outputs. How the class is cut holds no positions and stays cached when lines move; the statements hold the
/// positions that <c>#line</c> needs; the diagnostics hold real locations, so that <c>#pragma warning disable</c> works on them.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class PipelineGenerator : IIncrementalGenerator
{
    // The MSBuild property PipelineSdkReportCuts.
    private const string ReportCuts = "build_property.PipelineSdkReportCuts";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        // ForAttributeWithMetadataName binds the attributes of every class again after every edit, which for a hundred models takes longer
        // than an editor waits. So classes are found by the attribute's name, and what is known of them is asked for before any symbol.
        Register(context, context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is TypeDeclarationSyntax type && AttributeSyntaxes.IsNamedPipeline(type),
            static (found, cancellation) => PipelineParser.Parse((TypeDeclarationSyntax)found.Node, found.SemanticModel, cancellation)));

        // The attribute under an alias.
        Register(context, context.SyntaxProvider.ForAttributeWithMetadataName(
            AttributeNames.Pipeline,
            static (node, _) => node is TypeDeclarationSyntax type && !AttributeSyntaxes.IsNamedPipeline(type),
            static (found, cancellation) => PipelineParser.Parse((TypeDeclarationSyntax)found.TargetNode, found.SemanticModel, cancellation)));

        foreach (var attribute in new[] { AttributeNames.PipelineStage, AttributeNames.PipelineStages })
        {
            var strays = context.SyntaxProvider
                .ForAttributeWithMetadataName(
                    attribute,
                    static (member, _) => !AttributeSyntaxes.IsInNamedPipeline(member),
                    static (member, _) => StrayAttributeParser.Parse(member))
                .WithTrackingName(TrackingNames.StrayAttributes);
            context.RegisterSourceOutput(strays, static (output, reports) => Report(output, reports));
        }
    }

    private static void Register(IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<ParseResult> classes)
    {
        var parsed = classes.WithTrackingName(TrackingNames.Parsed);
        var models = parsed.Select(static (result, _) => result.Model).WithTrackingName(TrackingNames.Model);
        context.RegisterSourceOutput(models, static (output, model) =>
        {
            if (model is not null) Write(output, model.Type, ".Pipeline.g.cs", () => BlueprintEmitter.Emit(model));
        });

        var forwards = parsed.Select(static (result, _) => result.Forward).WithTrackingName(TrackingNames.Forward);
        context.RegisterSourceOutput(forwards, static (output, forward) =>
        {
            if (forward is not null) Write(output, forward.Type, ".Pipeline.Forward.g.cs", () => ForwardEmitter.Emit(forward));
        });

        var diagnostics = parsed.Select(static (result, _) => result.Diagnostics).WithTrackingName(TrackingNames.Diagnostics);
        context.RegisterSourceOutput(diagnostics, static (output, reports) => Report(output, reports));

        // Nothing else depends on the options; and where nobody asks, nothing of this runs.
        var asked = context.AnalyzerConfigOptionsProvider
            .Select(static (options, _) => options.GlobalOptions.TryGetValue(ReportCuts, out var value) && bool.TryParse(value, out var asked) && asked)
            .WithTrackingName(TrackingNames.ReportsCuts);
        var cuts = parsed.Select(static (result, _) => result.Cuts).Combine(asked)
            .SelectMany(static (pair, _) => pair.Right ? pair.Left : EquatableArray<CutReport>.Empty)
            .Combine(context.CompilationProvider)
            .Select(static (pair, _) => CutWidths.Locate(pair.Left, pair.Right))
            .WithTrackingName(TrackingNames.CutWidths);
        context.RegisterSourceOutput(cuts, static (output, report) => output.ReportDiagnostic(report.Diagnostic));
    }

    private static void Write(SourceProductionContext output, TypeModel type, string suffix, Func<string> emit)
    {
        if (InternalError.Guard(type.Name, null, emit, output.ReportDiagnostic) is { } text)
        {
            output.AddSource(type.HintName + suffix, SourceText.From(text, Encoding.UTF8));
        }
    }

    private static void Report(SourceProductionContext output, EquatableArray<ReportedDiagnostic> reports)
    {
        foreach (var report in reports) output.ReportDiagnostic(report.Diagnostic);
    }
}
