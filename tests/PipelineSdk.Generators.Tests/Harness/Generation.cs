using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>One run of the generator over sources, with all it led to.</summary>
internal sealed class Generation
{
    // What is derived from one compilation shares the symbols of its references; reading them takes most of a test's time.
    private static readonly Lazy<CSharpCompilation> Empty = new(() =>
    {
        var empty = CSharpCompilation.Create(
            "Models",
            [],
            References.All,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        _ = empty.GetTypeByMetadataName("TorchSharp.torch");
        return empty;
    });

    private Generation(CSharpCompilation input, GeneratorDriver driver, Compilation output, ImmutableArray<Diagnostic> reported)
    {
        Input = input;
        Driver = driver;
        Output = output;
        Reported = [.. reported.Where(diagnostic => !diagnostic.IsSuppressed)];
    }

    public CSharpCompilation Input { get; }

    public GeneratorDriver Driver { get; }

    public Compilation Output { get; }

    /// <summary>What the generator reported, without what a pragma suppresses.</summary>
    public ImmutableArray<Diagnostic> Reported { get; }

    /// <summary>The generated files by hint name.</summary>
    public IReadOnlyDictionary<string, string> Files => Driver.GetRunResult().Results.Single().GeneratedSources
        .ToDictionary(source => source.HintName, source => source.SourceText.ToString());

    /// <summary>Warnings and errors of the compiler in the user's code and the generated code together.</summary>
    public IReadOnlyList<Diagnostic> CompilerProblems =>
        [.. Output.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !diagnostic.IsSuppressed)];

    /// <summary>Runs the generator over the files <c>Model.cs</c>, <c>Model1.cs</c>, ...</summary>
    public static Generation Of(params string[] sources) => Of(Compile(sources));

    public static Generation Of(CSharpCompilation compilation)
    {
        var driver = NewDriver(compilation)
            .RunGeneratorsAndUpdateCompilation(compilation, out var output, out var reported);
        return new Generation(compilation, driver, output, reported);
    }

    /// <summary>Runs the same driver with the project's properties changed.</summary>
    public Generation With(params (string Property, string Value)[] properties)
    {
        var driver = Driver.WithUpdatedAnalyzerConfigOptions(new ProjectProperties(properties))
            .RunGeneratorsAndUpdateCompilation(Input, out var output, out var reported);
        return new Generation(Input, driver, output, reported);
    }

    /// <summary>Runs the same driver with these files given to the build, and no others.</summary>
    public Generation WithFiles(params (string Path, string Text)[] files)
    {
        var driver = Driver.ReplaceAdditionalTexts([.. files.Select(file => new TextFile(file.Path, file.Text))])
            .RunGeneratorsAndUpdateCompilation(Input, out var output, out var reported);
        return new Generation(Input, driver, output, reported);
    }

    /// <summary>Runs the same driver over a changed compilation.</summary>
    public Generation Then(CSharpCompilation changed)
    {
        var driver = Driver.RunGeneratorsAndUpdateCompilation(changed, out var output, out var reported);
        return new Generation(changed, driver, output, reported);
    }

    public static CSharpCompilation Compile(params string[] sources) => Compile(LanguageVersion.CSharp12, sources);

    public static CSharpCompilation Compile(LanguageVersion version, params string[] sources)
    {
        var options = new CSharpParseOptions(version, DocumentationMode.Diagnose, preprocessorSymbols: ["NET8_0_OR_GREATER"]);
        var trees = sources.Select((source, i) => CSharpSyntaxTree.ParseText(source, options, i == 0 ? "Model.cs" : $"Model{i}.cs", System.Text.Encoding.UTF8)).ToArray();
        return Empty.Value.AddSyntaxTrees(trees);
    }

    private static CSharpGeneratorDriver NewDriver(CSharpCompilation compilation) => CSharpGeneratorDriver.Create(
        [new PipelineGenerator().AsSourceGenerator()],
        parseOptions: (CSharpParseOptions)compilation.SyntaxTrees[0].Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
}
