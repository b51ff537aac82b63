using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Emitter;
using PipelineSdk.Generators.Model;
using PipelineSdk.Generators.Parser;
using PipelineSdk.Generators.Parser.Checks;
using PipelineSdk.Generators.Planning;

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
        var named = context.SyntaxProvider.CreateSyntaxProvider(
            static (node, _) => node is TypeDeclarationSyntax type && AttributeSyntaxes.IsNamedPipeline(type),
            static (found, cancellation) => PipelineParser.Parse((TypeDeclarationSyntax)found.Node, found.SemanticModel, cancellation));

        // The attribute under an alias.
        var aliased = context.SyntaxProvider.ForAttributeWithMetadataName(
            AttributeNames.Pipeline,
            static (node, _) => node is TypeDeclarationSyntax type && !AttributeSyntaxes.IsNamedPipeline(type),
            static (found, cancellation) => PipelineParser.Parse((TypeDeclarationSyntax)found.TargetNode, found.SemanticModel, cancellation));

        var plans = ReadPlans(context, NamesOf(named).Combine(NamesOf(aliased)).Select(static (names, _) => names.Left.Concat(names.Right).ToEquatableArray()));
        Register(context, named, plans);
        Register(context, aliased, plans);

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

    private static void Register(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ParseResult> found,
        IncrementalValueProvider<EquatableArray<PlanModel>> plans)
    {
        var parsed = found.WithTrackingName(TrackingNames.Parsed);
        var models = parsed.Select(static (result, _) => result.Model).WithTrackingName(TrackingNames.Model);
        var planned = models.Combine(plans)
            .Select(static (pair, _) => pair.Left is { } model ? PlanApplication.Apply(model, pair.Right).Model : null)
            .WithTrackingName(TrackingNames.Planned);
        context.RegisterSourceOutput(planned, static (output, model) =>
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

        // Schedules are built and proven where the class or its plan changes, and only for classes that have arguments.
        var classes = parsed.Select(static (result, _) => (result.Model, result.Place)).Combine(plans)
            .SelectMany(static (pair, _) => pair.Left is ({ } model, { } place) ? ClassReports.Of(model, place, pair.Right) : [])
            .WithTrackingName(TrackingNames.ClassReports)
            .Combine(context.CompilationProvider)
            .Select(static (pair, _) => pair.Left.Locate(pair.Right));
        context.RegisterSourceOutput(classes, static (output, report) => output.ReportDiagnostic(report.Diagnostic));

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

    private static IncrementalValueProvider<EquatableArray<string>> NamesOf(IncrementalValuesProvider<ParseResult> found)
        => found.Select(static (result, _) => result.Place?.Name ?? "").Collect().Select(static (names, _) => names.ToEquatableArray());

    // Files that can't be read, and plans for classes that there are none of, are reported where they stand.
    private static IncrementalValueProvider<EquatableArray<PlanModel>> ReadPlans(
        IncrementalGeneratorInitializationContext context, IncrementalValueProvider<EquatableArray<string>> classes)
    {
        var files = context.AdditionalTextsProvider.Where(static file => PlanReader.IsPlan(file))
            .Select(static (file, cancellation) => PlanReader.Read(file, cancellation))
            .WithTrackingName(TrackingNames.Plans);
        context.RegisterSourceOutput(files.Select(static (file, _) => file.Fault), static (output, fault) =>
        {
            if (fault is not null) output.ReportDiagnostic(fault.Diagnostic);
        });

        // One file may be given twice, by a pattern and by its name.
        var plans = files.Select(static (file, _) => file.Plan).Collect()
            .Select(static (all, _) => all.OfType<PlanModel>().GroupBy(plan => plan.Path, StringComparer.Ordinal).Select(same => same.First()).ToEquatableArray());
        var orphans = plans.Combine(classes).SelectMany(static (pair, _) => OrphanPlans.Find(pair.Left, pair.Right));
        context.RegisterSourceOutput(orphans, static (output, report) => output.ReportDiagnostic(report.Diagnostic));
        return plans;
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
