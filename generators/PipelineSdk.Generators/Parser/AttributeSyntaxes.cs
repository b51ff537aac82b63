using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>Tells by the text alone which classes carry <c>[Pipeline]</c> under its own name, not under an alias.</summary>
internal static class AttributeSyntaxes
{
    /// <summary>Whether a class carries an attribute of that name; whose it is, only its symbol tells.</summary>
    public static bool IsNamedPipeline(TypeDeclarationSyntax type)
    {
        foreach (var list in type.AttributeLists)
        {
            foreach (var attribute in list.Attributes)
            {
                if (SimpleName(attribute.Name) is "Pipeline" or "PipelineAttribute") return true;
            }
        }

        return false;
    }

    /// <summary>Whether the declaration that a member stands in does.</summary>
    public static bool IsInNamedPipeline(SyntaxNode member)
        => member.FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } type && IsNamedPipeline(type);

    private static string SimpleName(NameSyntax name) => name switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
        AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
        SimpleNameSyntax simple => simple.Identifier.ValueText,
        _ => "",
    };
}
