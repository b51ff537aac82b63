using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>Finds which parts of a variable the statements of a segment mention.</summary>
internal static class LeafUses
{
    /// <summary>For each slot of the variable, whether the segment mentions it. What is not surely untouched counts as mentioned.</summary>
    public static IEnumerable<bool> Of(Cut cut, Variable variable, SlotShape shape)
    {
        if (!cut.Mentions(variable)) return shape.Leaves.Select(_ => false);
        if (shape.Leaves.Count == 1 || variable.Symbol is null || cut.Steps.Any(step => step.SharedDeclarations.Any(symbol => symbol is IMethodSymbol)))
        {
            return shape.Leaves.Select(_ => true);
        }

        var names = shape.Leaves.Select(leaf => leaf.Slot.Name.Substring(variable.Name.Length)).ToList();
        var mentioned = new HashSet<string>(cut.Steps
            .SelectMany(step => step.Node.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>())
            .Where(name => name.Identifier.ValueText == variable.Name)
            .SelectMany(name => Reached(PathFrom(name), names)));
        return names.Select(name => mentioned.Count == 0 || mentioned.Contains(name));
    }

    // input.Mask.shape reaches the slot input.Mask; input.Inner all slots below it; input.Inner.Length(), which is no slot, the same.
    private static IEnumerable<string> Reached(string path, List<string> names)
    {
        if (names.Find(name => (path + ".").StartsWith(name + ".", StringComparison.Ordinal)) is { } one) return [one];
        while (!names.Exists(name => name.StartsWith(path + ".", StringComparison.Ordinal))) path = path.Substring(0, path.LastIndexOf('.'));
        return names.Where(name => name.StartsWith(path + ".", StringComparison.Ordinal));
    }

    private static string PathFrom(IdentifierNameSyntax name)
    {
        var path = "";
        for (SyntaxNode node = name; node.Parent is MemberAccessExpressionSyntax access && access.Expression == node; node = access)
        {
            path += "." + access.Name.Identifier.ValueText;
        }

        return path;
    }
}
