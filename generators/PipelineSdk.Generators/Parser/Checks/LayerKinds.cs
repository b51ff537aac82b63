using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Finds layers of certain classes of TorchSharp in members of the model, as far as types and constructors show them.</summary>
internal sealed class LayerKinds(ClassSource source, MemberTable table, params string[] classes)
{
    private const int Depth = 3;

    /// <summary>Whether a member is such a layer, or holds one.</summary>
    public bool IsIn(ModelMember member)
        => member.IsModule && (IsInType(member.Type, Depth) || source.ValuesOf(member, table, value => Mentions(value).Any()).Any(IsMadeIn));

    private bool IsInType(ITypeSymbol type, int depth)
    {
        if (IsOne(type)) return true;
        if (depth == 0 || type is not INamedTypeSymbol named || !TorchTypes.IsModule(type)) return false;

        // The elements of a ModuleList, the layers of a block of the user's.
        return named.TypeArguments.Any(argument => IsInType(argument, depth - 1))
            || (!TorchTypes.IsTorchSharp(type)
                && type.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && IsInType(field.Type, depth - 1)));
    }

    private bool IsOne(ITypeSymbol? type) => type is { ContainingNamespace.Name: "Modules" } && classes.Contains(type.Name) && TorchTypes.IsTorchSharp(type);

    // Sequential(Conv2d(...), BatchNorm2d(...))
    private bool IsMadeIn(ExpressionSyntax value)
        => Mentions(value).Any(name => name.FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call && IsOne(source.TypeOf(call)));

    private IEnumerable<IdentifierNameSyntax> Mentions(ExpressionSyntax value) => value.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>()
        .Where(name => classes.Contains(name.Identifier.ValueText));
}
