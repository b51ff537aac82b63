using System.Text.RegularExpressions;

namespace PipelineSdk.Package.Tests.Harness;

/// <summary>What a run of <c>dotnet</c> left.</summary>
/// <param name="Command">Its arguments.</param>
/// <param name="ExitCode">0 where it succeeded.</param>
/// <param name="Output">Both streams, line by line.</param>
internal sealed partial record DotNetResult(string Command, int ExitCode, string Output)
{
    /// <summary>Fails the test, with the whole output, unless the run succeeded.</summary>
    public DotNetResult Succeeded()
    {
        Assert.True(ExitCode == 0, $"dotnet {Command} ended with {ExitCode}:\n{Output}");
        return this;
    }

    /// <summary>Fails the test, with the whole output, unless the run failed.</summary>
    public DotNetResult Failed()
    {
        Assert.True(ExitCode != 0, $"dotnet {Command} should have failed:\n{Output}");
        return this;
    }

    /// <summary>Fails the test where a build or restore warned of anything.</summary>
    public DotNetResult WithoutWarning()
    {
        Assert.True(!Warning().IsMatch(Output), $"dotnet {Command} warned:\n{Output}");
        return this;
    }

    /// <summary>The value of the line <c>name: value</c> that a program wrote.</summary>
    public string ValueOf(string name)
    {
        var lines = Output.Split('\n').Where(line => line.StartsWith(name + ": ", StringComparison.Ordinal)).ToArray();
        Assert.True(lines.Length == 1, $"'{name}' was written {lines.Length} times:\n{Output}");
        return lines[0][(name.Length + 2)..];
    }

    [GeneratedRegex(@"\bwarning\b\s*[A-Z]*\d*\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex Warning();
}
