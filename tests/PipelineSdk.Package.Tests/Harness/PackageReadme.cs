using System.Text.RegularExpressions;

namespace PipelineSdk.Package.Tests.Harness;

/// <summary>The C# examples in a package's README, in order.</summary>
internal static partial class PackageReadme
{
    public static IReadOnlyList<string> Examples(PackageFile package) =>
        [.. Example().Matches(System.Text.Encoding.UTF8.GetString(package.Read("README.md"))).Select(match => match.Groups[1].Value)];

    [GeneratedRegex("^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Example();
}
