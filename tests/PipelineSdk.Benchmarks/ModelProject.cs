extern alias Generator;

using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using Generator::PipelineSdk.Generators;

namespace PipelineSdk.Benchmarks;

/// <summary>A project of a hundred annotated models, made of those that the tests have, and the edits that someone types into it.</summary>
internal sealed class ModelProject
{
    public const int Models = 100;

    private const string CorpusNamespace = "namespace PipelineSdk.Corpus.Tests.Models;";
    private const string ModelsNamespace = "namespace PipelineSdk.Generators.Models;";
    private const string SamplesPart = "internal static partial class Samples";

    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp12);

    private const int EditsPerModel = 5;

    private readonly CSharpCompilation empty;
    private readonly CSharpCompilation original;
    private int edits;

    public ModelProject()
    {
        empty = CSharpCompilation.Create(
            "Models",
            [Parse("Usings.cs", "global using System; global using System.Collections.Generic; global using System.Linq;")],
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        _ = empty.GetTypeByMetadataName("TorchSharp.torch");
        Compilation = empty.AddSyntaxTrees([.. Sources().Select(source => Parse(source.Path, source.Text)), Parse("Other.cs", Other(0))]);
        original = Compilation;
        Edited = original.SyntaxTrees[^1];
    }

    /// <summary>The project as it is; nothing of it is bound but what the references declare.</summary>
    public CSharpCompilation Compilation { get; private set; }

    /// <summary>The same, as the first run of a compiler meets it.</summary>
    public CSharpCompilation Fresh() => empty.AddSyntaxTrees([.. Compilation.SyntaxTrees.Skip(1).Select(tree => Parse(tree.FilePath, tree.ToString()))]);

    public static GeneratorDriver NewDriver()
        => CSharpGeneratorDriver.Create([new PipelineGenerator().AsSourceGenerator()], parseOptions: Options);

    /// <summary>Types another number into a statement of the <c>forward</c> of one model, the same for <see cref="EditsPerModel"/> edits.</summary>
    public CSharpCompilation EditForward()
    {
        var trees = original.SyntaxTrees.Where(tree => tree.FilePath.StartsWith("Corpus", StringComparison.Ordinal)).ToList();
        var before = trees[edits++ / EditsPerModel % trees.Count];
        var forward = before.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().First(method => method.Identifier.ValueText == "forward");
        var place = forward.Body is { } body ? body.OpenBraceToken.Span.End : forward.SpanStart;
        var text = forward.Body is null
            ? string.Create(CultureInfo.InvariantCulture, $"/* {edits} */ ")
            : string.Create(CultureInfo.InvariantCulture, $" var edited = {edits};");
        var tree = Compilation.SyntaxTrees.Single(tree => tree.FilePath == before.FilePath);
        return Replace(tree, SourceText.From(before.GetText().WithChanges(new TextChange(new TextSpan(place, 0), text)).ToString(), System.Text.Encoding.UTF8));
    }

    /// <summary>The file that was edited last.</summary>
    public SyntaxTree Edited { get; private set; }

    /// <summary>What the compiler alone needs to say what the names in the <c>forward</c> of a file mean: no generator can do with less.</summary>
    public static object Bind(CSharpCompilation compilation, SyntaxTree tree)
    {
        var semantics = compilation.GetSemanticModel(tree);
        var forward = tree.GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>().First(method => method.Identifier.ValueText == "forward");
        return forward.DescendantNodes().OfType<SimpleNameSyntax>().Select(name => semantics.GetSymbolInfo(name).Symbol).ToList();
    }

    /// <summary>Changes a method that no model knows of.</summary>
    public CSharpCompilation EditElsewhere()
    {
        var tree = Compilation.SyntaxTrees.Single(tree => tree.FilePath == "Other.cs");
        return Replace(tree, SourceText.From(Other(++edits)));
    }

    private CSharpCompilation Replace(SyntaxTree tree, SourceText text)
        => Compilation = Compilation.ReplaceSyntaxTree(tree, Edited = tree.WithChangedText(text));

    private static string Other(int edit) => string.Create(CultureInfo.InvariantCulture, $"internal static class Other {{ public static int Value() => {edit}; }}");

    // Two copies of the corpus, each in a namespace of its own, and the models of the generator's tests.
    private static IEnumerable<(string Path, string Text)> Sources()
    {
        var corpus = Read("Corpus/", CorpusNamespace).ToList();
        return new[] { 0, 1 }
            .SelectMany(copy => corpus.Select(source => (
                $"Corpus{copy}/{source.Name}.cs",
                Model(source.Text).Replace(CorpusNamespace, string.Create(CultureInfo.InvariantCulture, $"namespace Corpus{copy};"), StringComparison.Ordinal))))
            .Concat(Read("Models/", ModelsNamespace).Select(source => ($"Models/{source.Name}.cs", source.Text)))
            .Take(Models);
    }

    private static IEnumerable<(string Name, string Text)> Read(string folder, string space)
    {
        var assembly = typeof(ModelProject).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var text = reader.ReadToEnd();
            if (text.Contains(space, StringComparison.Ordinal)) yield return (name[folder.Length..], text);
        }
    }

    // Without the part that feeds it to the tests.
    private static string Model(string source)
        => source.IndexOf(SamplesPart, StringComparison.Ordinal) is >= 0 and var samples ? source[..samples] : source;

    private static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(text, Options, path, System.Text.Encoding.UTF8);

    private static IEnumerable<MetadataReference> References()
        => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll"))
            .Append(typeof(TorchSharp.torch).Assembly.Location)
            .Append(typeof(PipelineAttribute).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
}
