using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using PipelineSdk.Generators;

namespace PipelineSdk.CodeFixes.Tests.Harness;

/// <summary>The generator, referenced by a project as an editor references it.</summary>
internal sealed class GeneratorReference : AnalyzerReference
{
    // The workspace tells generators apart by instance.
    private readonly ImmutableArray<ISourceGenerator> generators = [new PipelineGenerator().AsSourceGenerator()];

    public override string? FullPath => null;

    public override object Id => nameof(PipelineGenerator);

    public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzers(string language) => [];

    public override ImmutableArray<DiagnosticAnalyzer> GetAnalyzersForAllLanguages() => [];

    public override ImmutableArray<ISourceGenerator> GetGenerators(string language) => generators;

    public override ImmutableArray<ISourceGenerator> GetGeneratorsForAllLanguages() => generators;
}
