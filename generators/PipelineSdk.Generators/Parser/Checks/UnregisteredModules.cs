using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Finds collections of layers that <c>forward</c> uses and TorchSharp does not look into.</summary>
internal static class UnregisteredModules
{
    public static void Check(ClassSource source, BodyFacts facts, MemberTable table, ICollection<Diagnostic> diagnostics)
    {
        foreach (var member in facts.Members.Select(use => use.Member).Distinct())
        {
            if (member.IsRegistered || ModuleCollection.Of(member.Type) is not { } collection) continue;
            if (member.Symbol.Locations.FirstOrDefault(location => location.IsInSource) is not { } location) continue;

            // Whoever registers by hand knows what is to be registered.
            if (source.Declarations.SelectMany(declaration => declaration.DescendantNodes()).Any(Registration.IsOfOne)) return;
            if (IsRegisteredElsewhere(member, source, table)) continue;
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.UnregisteredModules,
                location,
                member.Name,
                TypeNames.Short(member.Type),
                collection.Holds,
                collection.Registered,
                collection.Holds == "modules" ? "register_module" : "register_parameter"));
        }
    }

    // What it holds may be known all the same: members of their own, or put into a container that is one.
    private static bool IsRegisteredElsewhere(ModelMember member, ClassSource source, MemberTable table)
    {
        foreach (var root in source.Constructors.Cast<SyntaxNode>().Concat(source.Initializers))
        {
            foreach (var name in root.DescendantNodes().OfType<SimpleNameSyntax>())
            {
                var symbol = source.SymbolOf(name);
                var named = table.Find(symbol);
                if (named == member ? IsPutIntoModule(name, source) : IsKnown(symbol, named) && PutInto(name).Any(IsMember)) return true;
            }
        }

        return false;

        bool IsMember(SyntaxNode target) => table.Find(target is EqualsValueClauseSyntax { Parent: { } declared }
            ? source.DeclaredBy(declared)
            : source.SymbolOf(target)) == member;
    }

    // A layer of its own, or all that are registered already.
    private static bool IsKnown(ISymbol? symbol, ModelMember? named) => named?.IsRegistered
        ?? symbol is IMethodSymbol { Name: "children" or "modules" or "named_children" or "named_modules" } listing
            && TorchTypes.IsTorchSharp(listing.ContainingType);

    // Sequential(layers), new ModuleList<Linear>([.. layers]).
    private static bool IsPutIntoModule(SyntaxNode name, ClassSource source) => name.Ancestors().TakeWhile(node => node is not StatementSyntax)
        .Any(node => node is InvocationExpressionSyntax or BaseObjectCreationExpressionSyntax && TorchTypes.IsModule(source.TypeOf((ExpressionSyntax)node)));

    // layers = [first, second], layers.Add(first): what is assigned, declared with or added to the value around the name.
    private static IEnumerable<SyntaxNode> PutInto(SyntaxNode name)
    {
        foreach (var node in name.Ancestors().TakeWhile(node => node is not StatementSyntax))
        {
            switch (node)
            {
                case AssignmentExpressionSyntax assignment when !assignment.Left.Span.Contains(name.Span):
                    yield return assignment.Left;
                    break;
                case EqualsValueClauseSyntax value:
                    yield return value;
                    break;
                case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } call when call.ArgumentList.Span.Contains(name.Span):
                    yield return access.Expression;
                    break;
                default:
                    break;
            }
        }
    }
}
