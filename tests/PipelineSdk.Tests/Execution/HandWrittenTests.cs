using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

public sealed class HandWrittenTests
{
    [Fact]
    public void A_cut_written_by_hand_trains_as_a_generated_one_does()
    {
        using var scope = NewDisposeScope();
        TestModel.Of(new HandWrittenNet(), [6], [3]).AssertStepEqualsUncut(PipelineSchedule.OneForwardOneBackward, 2, 3, 8);
    }

    [Fact]
    public void The_guide_shows_the_code_that_is_tested()
    {
        var code = Class(File.ReadAllText(Path.Combine(Repository(), "tests/PipelineSdk.Tests/Models/HandWrittenNet.cs")));
        var guide = File.ReadAllText(Path.Combine(Repository(), "docs/hand-written-stages.md"));
        Assert.Contains(code, guide, StringComparison.Ordinal);
    }

    private static string Class(string file) => file[file.IndexOf("public sealed class HandWrittenNet", StringComparison.Ordinal)..];

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PipelineSdk.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
