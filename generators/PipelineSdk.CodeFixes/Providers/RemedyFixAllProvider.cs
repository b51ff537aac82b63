using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Editing;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Applies one remedy to all diagnostics of a document, project or solution.</summary>
/// <remarks>Repairs overlap (two nested classes make the same outer type partial), so they are collected before any is made.</remarks>
internal sealed class RemedyFixAllProvider(RemedyProvider provider) : FixAllProvider
{
    public override async Task<CodeAction?> GetFixAsync(FixAllContext context)
    {
        if (provider.Remedies.FirstOrDefault(remedy => remedy.Summary == context.CodeActionEquivalenceKey) is not { } remedy) return null;
        var edit = new SolutionEdit();
        foreach (var document in DocumentsOf(context))
        {
            foreach (var diagnostic in await context.GetDocumentDiagnosticsAsync(document).ConfigureAwait(false))
            {
                var repair = await remedy.ProposeAsync(document, diagnostic, context.CancellationToken).ConfigureAwait(false);
                if (repair is not null) edit.Add(repair.Edit);
            }
        }

        return edit.IsEmpty
            ? null
            : CodeAction.Create(remedy.Summary, cancellation => edit.ApplyAsync(context.Solution, cancellation), remedy.Summary);
    }

    private static IEnumerable<Document> DocumentsOf(FixAllContext context) => context.Scope switch
    {
        FixAllScope.Document => context.Document is { } document ? [document] : [],
        FixAllScope.Project => context.Project.Documents,
        FixAllScope.Solution => context.Solution.Projects
            .Where(project => project.Language == LanguageNames.CSharp)
            .SelectMany(project => project.Documents),
        _ => [],
    };
}
