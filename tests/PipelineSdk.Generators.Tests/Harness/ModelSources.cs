namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>The sources of the models in PipelineSdk.Generators.Models.</summary>
internal static class ModelSources
{
    private const string Prefix = "Models/";

    // What the project's implicit usings give its files.
    private const string ImplicitUsings = """

        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        """;

    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(ModelSources).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..])
            .Order(StringComparer.Ordinal),
    ];

    public static string Usings => ImplicitUsings;

    public static string Read(string name)
    {
        using var reader = new StreamReader(typeof(ModelSources).Assembly.GetManifestResourceStream(Prefix + name)!);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
