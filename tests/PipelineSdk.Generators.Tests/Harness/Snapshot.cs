using System.Text.RegularExpressions;

namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>Compares text with a file of the repository; with PIPELINESDK_UPDATE_SNAPSHOTS=1 the file is written instead.</summary>
internal static partial class Snapshot
{
    public static void Match(string actual, string name)
    {
        actual = Version().Replace(actual, "\"PipelineSdk.Generators\", \"VERSION\"");
        var path = Repository.PathOf("tests", "PipelineSdk.Generators.Tests", "Snapshots", name + ".txt");
        if (Environment.GetEnvironmentVariable("PIPELINESDK_UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, actual);
            return;
        }

        Assert.True(File.Exists(path), $"There is no snapshot {path}. Run the tests with PIPELINESDK_UPDATE_SNAPSHOTS=1 and review it.");
        var expected = File.ReadAllText(path).Replace("\r\n", "\n", StringComparison.Ordinal);
        if (expected == actual) return;
        var left = expected.Split('\n');
        var right = actual.Split('\n');
        var line = Enumerable.Range(0, Math.Min(left.Length, right.Length)).FirstOrDefault(i => left[i] != right[i], Math.Min(left.Length, right.Length));
        Assert.Fail(
            $"{name} differs from its snapshot in line {line + 1}.\n- {left.ElementAtOrDefault(line)}\n+ {right.ElementAtOrDefault(line)}\n"
            + "If that is meant, run the tests with PIPELINESDK_UPDATE_SNAPSHOTS=1 and review the change.");
    }

    [GeneratedRegex("\"PipelineSdk\\.Generators\", \"[^\"]*\"")]
    private static partial Regex Version();
}
