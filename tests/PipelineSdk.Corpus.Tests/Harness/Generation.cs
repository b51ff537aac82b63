extern alias generator;

using generator::PipelineSdk.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PipelineSdk.Model;

namespace PipelineSdk.Corpus.Tests;

/// <summary>One run of the generator over a model's source.</summary>
internal sealed record Generation(IReadOnlyList<Diagnostic> Reported, IReadOnlyList<Diagnostic> Errors)
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        """;

    // The framework, TorchSharp, PipelineSdk, and this assembly for the layers that several models share.
    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll"))
            .Append(typeof(TorchSharp.torch).Assembly.Location)
            .Append(typeof(Boundary).Assembly.Location)
            .Append(typeof(Generation).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path))]);

    public static Generation Of(string source)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            "PipelineSdk.Corpus.Tests.InMemory",
            [CSharpSyntaxTree.ParseText(source, options, "Model.cs"), CSharpSyntaxTree.ParseText(ImplicitUsings, options, "Usings.cs")],
            References.Value,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new PipelineGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out var reported);
        return new Generation(
            [.. reported], [.. output.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)]);
    }
}
