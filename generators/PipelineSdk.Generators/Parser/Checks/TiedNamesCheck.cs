using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Checks the names in <c>[TiedWeights]</c>, as far as the types of the members tell what they hold.</summary>
internal static class TiedNamesCheck
{
    public static void Check(INamedTypeSymbol model, ClassSource source, ICollection<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        foreach (var attribute in model.GetAttributes().Where(attribute => attribute.AttributeClass?.ToDisplayString() == AttributeNames.TiedWeights))
        {
            if (attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is not AttributeSyntax syntax) continue;
            if (attribute.ConstructorArguments.FirstOrDefault() is not { Kind: TypedConstantKind.Array, IsNull: false } argument) continue;
            var names = argument.Values.Select(value => value.Value as string ?? "").ToList();
            if (names.Count < 2) Report(syntax, $"names {names.Count} parameter(s): a weight is tied under two names at least");
            for (var i = 0; i < names.Count; i++)
            {
                // An array that is written out has no syntax of its own for each name.
                var place = syntax.ArgumentList is { Arguments: { } written } && written.Count == names.Count ? (SyntaxNode)written[i] : syntax;
                if (names.IndexOf(names[i]) < i) Report(place, $"names '{names[i]}' twice: name every parameter once");
                else if (Problem(model, source, names[i]) is { } problem) Report(place, problem);
            }
        }

        void Report(SyntaxNode node, string problem)
            => diagnostics.Add(Diagnostic.Create(DiagnosticCatalogue.TiedNames, node.GetLocation(), model.Name, problem));
    }

    private static string? Problem(INamedTypeSymbol model, ClassSource source, string name)
    {
        // Whoever registers by hand gives names of his own.
        if (source.Declarations.SelectMany(declaration => declaration.DescendantNodes()).Any(Registration.IsOfOne)) return null;
        ITypeSymbol type = model;
        var parts = name.Split('.');
        for (var i = 0; i < parts.Length; i++)
        {
            if (TorchTypes.IsTensor(type)) return $"names '{name}', but '{string.Join(".", parts.Take(i))}' is a parameter itself";
            if (i > 0 && IsOpaque(type)) return null;
            if (Member(type, parts[i]) is not { } member)
                return $"names '{name}', but {TypeNames.Short(type)} has no '{parts[i]}': write the name that the parameter has in state_dict";
            type = member;
        }

        return TorchTypes.IsTensor(type) || !TorchTypes.IsModule(type) ? null : $"names '{name}', which is a module: name its parameter, as in '{name}.weight'";
    }

    private static ITypeSymbol? Member(ITypeSymbol type, string name)
    {
        for (ITypeSymbol? declaring = type; declaring is not null; declaring = declaring.BaseType)
        {
            foreach (var member in declaring.GetMembers().Where(member => !member.IsStatic && ComponentName(member) == name))
            {
                if (member is IFieldSymbol field) return field.Type;
                if (member is IPropertySymbol { IsIndexer: false } property) return property.Type;
            }
        }

        return null;
    }

    private static string ComponentName(ISymbol member) => member.GetAttributes()
        .Where(attribute => attribute.AttributeClass?.Name == "ComponentNameAttribute")
        .SelectMany(attribute => attribute.NamedArguments)
        .Where(argument => argument.Key == "Name")
        .Select(argument => argument.Value.Value as string)
        .FirstOrDefault() ?? member.Name;

    // What may hold anything: a container, a base class, a class whose source is not here. Of TorchSharp's own layers the properties tell.
    private static bool IsOpaque(ITypeSymbol type)
        => type.IsAbstract || TorchTypes.ContainerOf(type) is ContainerKind.Sequential or ContainerKind.Modules or ContainerKind.List
            || !(TorchTypes.IsTorchSharp(type) || type.Locations.Any(location => location.IsInSource)) || Registers(type);

    private static bool Registers(ITypeSymbol type) => type.DeclaringSyntaxReferences
        .Any(reference => reference.GetSyntax().DescendantNodes().Any(Registration.IsOfOne));
}
