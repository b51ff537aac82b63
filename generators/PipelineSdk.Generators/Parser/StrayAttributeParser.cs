using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Finds stage attributes in classes that are not marked <c>[Pipeline]</c>.</summary>
internal static class StrayAttributeParser
{
    public static EquatableArray<ReportedDiagnostic> Parse(GeneratorAttributeSyntaxContext context)
    {
        var type = context.TargetSymbol.ContainingType;
        if (type is null) return default;

        // The members of an abstract class are placed for the classes derived from it.
        if (type.IsAbstract) return default;
        if (type.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == AttributeNames.Pipeline)) return default;
        var application = context.Attributes[0];
        var reference = application.ApplicationSyntaxReference;
        var name = application.AttributeClass!.Name;
        return new EquatableArray<ReportedDiagnostic>(
        [
            new ReportedDiagnostic(Diagnostic.Create(
                DiagnosticCatalogue.StrayAttribute,
                reference is null ? context.TargetNode.GetLocation() : Location.Create(reference.SyntaxTree, reference.Span),
                context.TargetSymbol.Name,
                name.Substring(0, name.Length - "Attribute".Length),
                type.Name)),
        ]);
    }
}
