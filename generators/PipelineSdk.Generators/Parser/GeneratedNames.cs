using System.Globalization;
using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>Names for what is generated into the user's class, clear of everything the class can see.</summary>
internal sealed class GeneratedNames
{
    private readonly string prefix;

    /// <param name="model">The user's class.</param>
    /// <param name="forward">Its method; names are looked up from inside it.</param>
    /// <param name="segments">How many methods need a name.</param>
    public GeneratedNames(INamedTypeSymbol model, ForwardMethod forward, int segments)
    {
        var written = model.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax().ToString()).ToList();
        Parts = Free("PipelineParts", IsTaken);
        prefix = Free("PipelineSegment", name => Enumerable.Range(0, segments).Any(i => IsTaken(name + Number(i))));

        // A name that the class does not write means nothing to it; only for others is it worth asking what they mean.
        bool IsTaken(string name)
        {
            for (var type = model; type is not null; type = type.BaseType)
            {
                if (type.GetMembers(name).Length > 0 || type.TypeParameters.Any(parameter => parameter.Name == name)) return true;
            }

            return written.Any(text => text.Contains(name)) && forward.Semantics.LookupSymbols(forward.Body.SpanStart, name: name).Length > 0;
        }
    }

    /// <summary>The nested class that holds all generated types.</summary>
    public string Parts { get; }

    /// <summary>The method that holds the statements of a segment.</summary>
    public string Method(int segment) => prefix + Number(segment);

    private static string Free(string name, Func<string, bool> isTaken)
    {
        while (isTaken(name)) name += "_";
        return name;
    }

    private static string Number(int index) => index.ToString(CultureInfo.InvariantCulture);
}
