using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Remedies;

namespace PipelineSdk.CodeFixes.Providers;

/// <summary>Offers the remedies for one diagnostic, at one place and everywhere.</summary>
internal abstract class RemedyProvider(DiagnosticDescriptor descriptor, params Remedy[] remedies) : CodeFixProvider
{
    public IReadOnlyList<Remedy> Remedies { get; } = remedies;

    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create(descriptor.Id);

    public sealed override FixAllProvider GetFixAllProvider() => new RemedyFixAllProvider(this);

    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (var diagnostic in context.Diagnostics)
        {
            foreach (var remedy in Remedies)
            {
                var repair = await remedy.ProposeAsync(context.Document, diagnostic, context.CancellationToken).ConfigureAwait(false);
                if (repair is null) continue;
                var solution = context.Document.Project.Solution;
                context.RegisterCodeFix(
                    CodeAction.Create(repair.Title, cancellation => repair.Edit.ApplyAsync(solution, cancellation), remedy.Summary),
                    diagnostic);
            }
        }
    }
}
