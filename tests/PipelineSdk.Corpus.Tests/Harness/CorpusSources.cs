namespace PipelineSdk.Corpus.Tests;

/// <summary>The files under Models, by folder.</summary>
internal static class CorpusSources
{
    public const string Supported = "Supported";
    public const string Pending = "Pending";
    public const string Refused = "Refused";

    private const string SamplesPart = "internal static partial class Samples";

    /// <summary>The names of a folder's files, without folder and ending.</summary>
    public static IReadOnlyList<string> In(string folder) =>
    [
        .. typeof(CorpusSources).Assembly.GetManifestResourceNames()
            .Select(name => name.Replace('\\', '/'))
            .Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal))
            .Select(name => name[(folder.Length + 1)..])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The model alone, without the part that feeds it: that needs the generated part.</summary>
    public static string ReadModel(string folder, string name)
    {
        var source = Read(folder, name);
        var samples = source.IndexOf(SamplesPart, StringComparison.Ordinal);
        if (samples < 0) return source;

        // A model in the global namespace has a namespace around the other part.
        var model = source[..samples];
        return model.TrimEnd().EndsWith('{') ? model[..model.LastIndexOf("namespace", StringComparison.Ordinal)] : model;
    }

    private static string Read(string folder, string name)
    {
        var assembly = typeof(CorpusSources).Assembly;
        var resource = assembly.GetManifestResourceNames().Single(item => item.Replace('\\', '/') == folder + "/" + name);
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
