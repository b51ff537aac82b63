using Microsoft.CodeAnalysis;
using PipelineSdk.Model;

namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>What the models of the tests are compiled against: the framework, TorchSharp and PipelineSdk.</summary>
internal static class References
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> Everything = new(() =>
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll"))
            .Append(typeof(TorchSharp.torch).Assembly.Location)
            .Append(typeof(Boundary).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path))]);

    public static IReadOnlyList<MetadataReference> All => Everything.Value;
}
