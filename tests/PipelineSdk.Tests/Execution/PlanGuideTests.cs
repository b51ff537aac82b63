using PipelineSdk.Partitioning;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>The example of docs/plans.md is the code here, line by line.</summary>
public sealed class PlanGuideTests
{
    private const string Guide = "docs/plans.md";

    [Fact]
    public void The_example_profiles_plans_keeps_the_plan_and_trains_by_it()
    {
        using var scope = NewDisposeScope();
        var (images, labels) = (randn(2, 3, 32, 32), randint(0, 10, [2]));
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + PipelinePlan.FileExtension);

        // example: make
        using var model = new ConvNet();
        using var loss = CrossEntropyLoss();
        ModelProfile profile = PipelineProfiler.Measure(model, images, labels, loss);
        PlannerResult found = Pipeline.Plan(profile, new PlannerOptions(samples: 128, workers: 2) { MicroBatches = [4, 8, 16] });
        Console.WriteLine(found.ToTable(rows: 6));
        found.Best.Save(file);
        // end

        try
        {
            // example: use
            using var pipeline = Pipeline.Create(model, new PipelineOptions { Plan = PipelinePlan.Load(file) });
            // end
            var step = pipeline.TrainStep(randn(128, 3, 32, 32), randint(0, 10, [128]), loss);
            Assert.Equal(found.Best.Shape.MicroBatches, step.Timeline.MicroBatches);
            Assert.Equal(["stem", "deep", "deeper", "hidden", "head"], string.Join(", ", pipeline.StageNames).Split(", "));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_guide_shows_the_code_that_is_tested()
    {
        var guide = Normalized(File.ReadAllText(Path.Combine(Repository(), Guide)));
        var code = File.ReadAllText(Path.Combine(Repository(), "tests/PipelineSdk.Tests/Execution/PlanGuideTests.cs"));
        foreach (var example in new[] { "// example: make\n", "// example: use\n" })
        {
            var start = code.IndexOf(example, StringComparison.Ordinal) + example.Length;
            Assert.Contains(Normalized(code[start..code.IndexOf("// end", start, StringComparison.Ordinal)]), guide, StringComparison.Ordinal);
        }

        var model = File.ReadAllText(Path.Combine(Repository(), "tests/PipelineSdk.Tests/Models/ConvNet.cs"));
        Assert.Contains(Normalized(model[model.IndexOf("[Pipeline]", StringComparison.Ordinal)..]), guide, StringComparison.Ordinal);
    }

    // Indentation and line ends aside.
    private static string Normalized(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim())).Trim();

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PipelineSdk.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
