using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Reads where a class stands, and checks that another part of it can be generated.</summary>
internal static class TypeParser
{
    /// <summary>The class; null with a diagnostic if there can be no other part of it.</summary>
    /// <param name="model">The class.</param>
    /// <param name="syntax">The declaration that carries the attribute.</param>
    /// <param name="origin">The declaration whose namespaces, with their usings, are repeated.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    /// <param name="cancellation">Ends the search.</param>
    public static TypeModel? Parse(
        INamedTypeSymbol model,
        TypeDeclarationSyntax syntax,
        SyntaxNode origin,
        ICollection<Diagnostic> diagnostics,
        CancellationToken cancellation)
    {
        var valid = true;
        var headers = new List<string>();
        var path = new List<string>();
        for (var type = model; type is not null; type = type.ContainingType)
        {
            foreach (var reference in type.DeclaringSyntaxReferences)
            {
                if (reference.GetSyntax(cancellation) is not TypeDeclarationSyntax declaration) continue;
                if (declaration.Modifiers.Any(SyntaxKind.PartialKeyword)) continue;
                diagnostics.Add(Diagnostic.Create(
                    DiagnosticCatalogue.NotPartial, declaration.Identifier.GetLocation(), type.Name, model.Name));
                valid = false;
            }

            if (type.IsFileLocal)
            {
                diagnostics.Add(Diagnostic.Create(
                    DiagnosticCatalogue.UnsupportedContainer,
                    syntax.Identifier.GetLocation(),
                    model.Name,
                    $"'{type.Name}' is local to its file: drop the file modifier"));
                valid = false;
            }

            headers.Insert(0, Header(type));
            path.Insert(0, type.MetadataName);
        }

        if (!valid) return null;
        var space = model.ContainingNamespace is { IsGlobalNamespace: false } named ? named.ToDisplayString() + "." : "";
        return new TypeModel(
            model.Name,
            TypeNames.Full(model),
            space + string.Join("+", path),
            origin.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(declaration => declaration.Name.ToString())
                .ToEquatableArray(),
            headers.ToEquatableArray());
    }

    private static string Header(INamedTypeSymbol type)
    {
        var keyword = type switch
        {
            { IsRecord: true, TypeKind: TypeKind.Struct } => "record struct",
            { IsRecord: true } => "record",
            { TypeKind: TypeKind.Struct } => "struct",
            { TypeKind: TypeKind.Interface } => "interface",
            _ => "class",
        };
        var parameters = type.TypeParameters.Length == 0
            ? ""
            : "<" + string.Join(", ", type.TypeParameters.Select(Parameter)) + ">";
        return string.Format(CultureInfo.InvariantCulture, "partial {0} {1}{2}", keyword, TypeNames.Escape(type.Name), parameters);
    }

    private static string Parameter(ITypeParameterSymbol parameter) => parameter.Variance switch
    {
        VarianceKind.In => "in ",
        VarianceKind.Out => "out ",
        _ => "",
    } + TypeNames.Escape(parameter.Name);
}
