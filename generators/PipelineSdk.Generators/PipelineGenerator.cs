using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Emitter;
using PipelineSdk.Generators.Model;
using PipelineSdk.Generators.Parser;

namespace PipelineSdk.Generators;

/// <summary>Cuts the <c>forward</c> method of every <c>[Pipeline]</c> class into segments that a pipeline can place.</summary>
/// <remarks>
/// One parse, three outputs. How the class is cut holds no positions and stays cached when lines move; the statements hold the
/// positions that <c>#line</c> needs; the diagnostics hold real locations, so that <c>#pragma warning disable</c> works on them.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class PipelineGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                AttributeNames.Pipeline,
                static (node, _) => node is TypeDeclarationSyntax,
                static (attribute, cancellation) => PipelineParser.Parse(attribute, cancellation))
            .WithTrackingName(TrackingNames.Parsed);

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

        foreach (var attribute in new[] { AttributeNames.PipelineStage, AttributeNames.PipelineStages })
        {
            var strays = context.SyntaxProvider
                .ForAttributeWithMetadataName(
                    attribute,
                    static (_, _) => true,
                    static (member, _) => StrayAttributeParser.Parse(member))
                .WithTrackingName(TrackingNames.StrayAttributes);
            context.RegisterSourceOutput(strays, static (output, reports) => Report(output, reports));
        }
    }

    private static void Write(SourceProductionContext output, TypeModel type, string suffix, Func<string> emit)
    {
        if (InternalError.Guard(type.Name, null, emit, output.ReportDiagnostic) is { } text)
        {
            output.AddSource(type.HintName + suffix, SourceText.From(text, Encoding.UTF8));
        }
    }

    private static void Report(SourceProductionContext output, EquatableArray<Diagnostic> reports)
    {
        foreach (var report in reports) output.ReportDiagnostic(report);
    }
}
