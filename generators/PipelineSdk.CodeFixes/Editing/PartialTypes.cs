using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PipelineSdk.CodeFixes.Editing;

/// <summary>Makes types partial.</summary>
internal static class PartialTypes
{
    /// <summary>Makes every declaration of a type and of the types around it partial.</summary>
    /// <returns>How many types were not.</returns>
    public static int MakePartial(this SolutionEdit edit, Project project, INamedTypeSymbol innermost, CancellationToken cancellation)
    {
        var types = 0;
        for (var type = innermost; type is not null; type = type.ContainingType)
        {
            var lacking = project.DeclarationsOf(type, cancellation)
                .Where(declaration => !declaration.Syntax.Modifiers.Any(SyntaxKind.PartialKeyword))
                .ToList();

            // C# wants it as the last modifier.
            foreach (var (document, syntax) in lacking) edit.Insert(document, syntax.Keyword.SpanStart, "partial ");
            if (lacking.Count > 0) types++;
        }

        return types;
    }
}
