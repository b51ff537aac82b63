using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Model;
using PipelineSdk.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Reads the arguments of <c>[Pipeline]</c>.</summary>
internal static class PipelineArguments
{
    public const string Schedule = nameof(PipelineDefaults.Schedule);

    public const string Workers = nameof(PipelineDefaults.Workers);

    public const string MicroBatches = nameof(PipelineDefaults.MicroBatches);

    /// <summary>What they say, right or wrong.</summary>
    public static PipelineDefaults Read(AttributeData attribute)
    {
        var defaults = PipelineDefaults.None;
        foreach (var argument in attribute.NamedArguments)
        {
            defaults = (argument.Key, argument.Value.Value) switch
            {
                (Schedule, string name) => defaults with { Schedule = name },
                (Workers, int count) => defaults with { Workers = count },
                (MicroBatches, int count) => defaults with { MicroBatches = count },
                _ => defaults,
            };
        }

        return defaults;
    }

    /// <summary>Where the class and they stand.</summary>
    public static ClassPlace Locate(
        INamedTypeSymbol model, TypeDeclarationSyntax syntax, AttributeData attribute, CancellationToken cancellation)
    {
        var arguments = (attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) as AttributeSyntax)?.ArgumentList?.Arguments ?? [];
        return new ClassPlace(
            model.Name,
            syntax.SyntaxTree.FilePath,
            syntax.Identifier.Span,
            arguments.Where(argument => argument.NameEquals is not null)
                .Select(argument => new ArgumentPlace(argument.NameEquals!.Name.Identifier.ValueText, argument.Span))
                .ToEquatableArray());
    }
}
