using Microsoft.CodeAnalysis;

namespace PipelineSdk.CodeFixes.Tests.Harness;

/// <summary>What the sources of the tests are compiled against: the framework, TorchSharp and PipelineSdk.</summary>
internal static class References
{
    public static IReadOnlyList<MetadataReference> All { get; } =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll"))
            .Append(typeof(TorchSharp.torch).Assembly.Location)
            .Append(typeof(PipelineAttribute).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path))];
}
