using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using PipelineSdk.CodeFixes.Providers;
using PipelineSdk.Generators;
using PipelineSdk.Generators.Analyzers;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.CodeFixes.Tests.Harness;

/// <summary>A solution as an editor holds it: projects with the generator, whose diagnostics the fixes are offered for.</summary>
internal sealed class Editor
{
    /// <summary>What every source of the tests begins with.</summary>
    public const string Usings = """
        using PipelineSdk;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        """;

    private Editor(Solution solution) => Solution = solution;

    public Solution Solution { get; }

    public static IReadOnlyList<RemedyProvider> Providers { get; } =
    [
        .. typeof(RemedyProvider).Assembly.GetTypes()
            .Where(type => type.IsDefined(typeof(ExportCodeFixProviderAttribute), inherit: false))
            .Select(type => (RemedyProvider)Activator.CreateInstance(type)!),
    ];

    /// <summary>A solution of one project.</summary>
    public static Editor Open(params string[] sources) => OpenProjects(sources);

    public static Editor OpenProjects(params string[][] projects)
    {
#pragma warning disable CA2000 // The solution holds the workspace.
        var solution = new AdhocWorkspace().CurrentSolution;
#pragma warning restore CA2000
        for (var i = 0; i < projects.Length; i++)
        {
            var id = ProjectId.CreateNewId();
            solution = solution
                .AddProject(id, $"Models{i}", $"Models{i}", LanguageNames.CSharp)
                .WithProjectMetadataReferences(id, References.All)
                .WithProjectParseOptions(id, new CSharpParseOptions(LanguageVersion.CSharp12))
                .WithProjectCompilationOptions(id, new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable))
                .AddAnalyzerReference(id, new GeneratorReference());
            for (var j = 0; j < projects[i].Length; j++)
            {
                solution = solution.AddDocument(DocumentId.CreateNewId(id), $"Model{j}.cs", Usings + projects[i][j], filePath: $"/{i}/Model{j}.cs");
            }
        }

        return new Editor(solution);
    }

    /// <summary>The sources of the first project, without the usings.</summary>
    public async Task<string[]> SourcesAsync(int project = 0)
        => [.. await Task.WhenAll(DocumentsOf(Solution.Projects.ElementAt(project)).Select(async document =>
            (await document.GetTextAsync()).ToString().Replace(Usings, "", StringComparison.Ordinal)))];

    /// <summary>What the generator reports, and the analyzers.</summary>
    public async Task<IReadOnlyList<(Document Document, Diagnostic Diagnostic)>> DiagnosticsAsync()
    {
        var found = new List<(Document, Diagnostic)>();
        foreach (var project in Solution.Projects)
        {
            var trees = await Task.WhenAll(DocumentsOf(project).Select(document => document.GetSyntaxTreeAsync()));
            var compilation = CSharpCompilation.Create(
                project.AssemblyName, trees!, project.MetadataReferences, (CSharpCompilationOptions)project.CompilationOptions!);
            var reported = CSharpGeneratorDriver
                .Create([new PipelineGenerator().AsSourceGenerator()], parseOptions: (CSharpParseOptions)project.ParseOptions!)
                .RunGenerators(compilation)
                .GetRunResult().Diagnostics;
            var analyzed = await compilation.WithAnalyzers([new RunWithForwardAnalyzer()]).GetAnalyzerDiagnosticsAsync();
            found.AddRange(reported.Concat(analyzed).OrderBy(diagnostic => diagnostic.Location.SourceTree!.FilePath, StringComparer.Ordinal)
                .ThenBy(diagnostic => diagnostic.Location.SourceSpan.Start)
                .Select(diagnostic => (project.GetDocument(diagnostic.Location.SourceTree)!, diagnostic)));
        }

        return found;
    }

    /// <summary>
    /// Ids of what the generator and the compiler report, in the users' code and the generated code; without the advice to run layers with
    /// <c>call</c>, which nearly all models here run with <c>forward</c>.
    /// </summary>
    public async Task<IReadOnlyList<string>> ProblemsAsync()
    {
        var ids = (await DiagnosticsAsync()).Select(found => found.Diagnostic.Id).Where(id => id != DiagnosticCatalogue.RunWithForward.Id).ToList();
        foreach (var project in Solution.Projects)
        {
            var compilation = await project.GetCompilationAsync();
            ids.AddRange(compilation!.GetDiagnostics().Where(problem => problem.Severity == DiagnosticSeverity.Error).Select(problem => problem.Id));
        }

        return ids;
    }

    /// <summary>The titles offered for the diagnostics with an id, each with the place it is offered at.</summary>
    public async Task<IReadOnlyList<CodeAction>> OffersAsync(string id, int index = 0)
    {
        var (document, diagnostic) = (await DiagnosticsAsync()).Where(found => found.Diagnostic.Id == id).ElementAt(index);
        var offers = new List<CodeAction>();
        var context = new CodeFixContext(document, diagnostic, (action, _) => offers.Add(action), CancellationToken.None);
        await Providers.Single(provider => provider.FixableDiagnosticIds.Contains(id)).RegisterCodeFixesAsync(context);
        return offers;
    }

    /// <summary>Applies the offer with a title.</summary>
    public async Task<Editor> ApplyAsync(string id, string title, int index = 0)
        => await AfterAsync((await OffersAsync(id, index)).Single(offer => offer.Title == title));

    /// <summary>Applies an offer to all diagnostics of a scope.</summary>
    public async Task<Editor> ApplyToAllAsync(string id, FixAllScope scope, int offer = 0)
    {
        var found = (await DiagnosticsAsync()).Where(found => found.Diagnostic.Id == id).ToList();
        var chosen = (await OffersAsync(id))[offer];
        var provider = Providers.Single(provider => provider.FixableDiagnosticIds.Contains(id));
        var context = new FixAllContext(
            found[0].Document, provider, scope, chosen.EquivalenceKey!, [id], new Found(found), CancellationToken.None);
        return await AfterAsync((await provider.GetFixAllProvider().GetFixAsync(context))!);
    }

    private static async Task<Editor> AfterAsync(CodeAction action)
    {
        var operation = Assert.Single(await action.GetOperationsAsync(CancellationToken.None));
        return new Editor(Assert.IsType<ApplyChangesOperation>(operation).ChangedSolution);
    }

    private static IEnumerable<Document> DocumentsOf(Project project) => project.Documents.OrderBy(document => document.Name, StringComparer.Ordinal);

    private sealed class Found(IReadOnlyList<(Document Document, Diagnostic Diagnostic)> all) : FixAllContext.DiagnosticProvider
    {
        public override Task<IEnumerable<Diagnostic>> GetDocumentDiagnosticsAsync(Document document, CancellationToken cancellationToken)
            => Task.FromResult(all.Where(found => found.Document.Id == document.Id).Select(found => found.Diagnostic));

        public override Task<IEnumerable<Diagnostic>> GetAllDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult(all.Where(found => found.Document.Project.Id == project.Id).Select(found => found.Diagnostic));

        public override Task<IEnumerable<Diagnostic>> GetProjectDiagnosticsAsync(Project project, CancellationToken cancellationToken)
            => Task.FromResult<IEnumerable<Diagnostic>>(ImmutableArray<Diagnostic>.Empty);
    }
}
