using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PipelineSdk.CodeFixes.Editing;

/// <summary>How an attribute is named where it is to be written.</summary>
internal static class AttributeNaming
{
    private const string Suffix = "Attribute";

    /// <summary>The short name where it means the attribute there, else a longer one.</summary>
    /// <param name="semantics">The document to write in.</param>
    /// <param name="position">The place.</param>
    /// <param name="fullName">The attribute's class with its namespace.</param>
    public static string NameOf(SemanticModel semantics, int position, string fullName)
    {
        var qualified = fullName.Substring(0, fullName.Length - Suffix.Length);
        foreach (var name in new[] { qualified.Substring(qualified.LastIndexOf('.') + 1), qualified })
        {
            var attribute = SyntaxFactory.Attribute(SyntaxFactory.ParseName(name));
            var found = semantics.GetSpeculativeSymbolInfo(position, attribute);

            // Without its arguments a constructor is only a candidate.
            var constructor = found.Symbol ?? found.CandidateSymbols.FirstOrDefault();
            if (constructor?.ContainingType?.ToDisplayString() == fullName) return name;
        }

        return "global::" + fullName;
    }
}
