using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Samples.Tests;

/// <summary>The example of the README and of docs/getting-started.md is the code here, line by line, and it trains.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_example_trains()
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        using var x = randn(32, 64);
        var batches = Enumerable.Repeat((x, x.slice(1, 0, 10, 1).argmax(1)), 20);
        var losses = new List<double>();

        // example
        using var model = new Net();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 4 });
        using var optimizer = optim.SGD(model.parameters(), 0.1);
        using var loss = CrossEntropyLoss();

        foreach (var (inputs, targets) in batches)
        {
            optimizer.zero_grad();
            var step = pipeline.TrainStep(inputs, targets, loss);
            optimizer.step();
            // end
            losses.Add(step.Loss);
        }

        Assert.True(losses[^1] < 0.8 * losses[0], $"{losses[0]} to {losses[^1]}");
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("docs/getting-started.md")]
    public void The_documents_show_the_code_that_is_tested(string document)
    {
        var text = Normalized(File.ReadAllText(Path.Combine(Root(), document)));

        var model = File.ReadAllText(Path.Combine(Here(), "ReadmeNet.cs"));
        Assert.Contains(Normalized(model[model.IndexOf("[Pipeline]", StringComparison.Ordinal)..]), text, StringComparison.Ordinal);
        var loop = File.ReadAllText(Path.Combine(Here(), "ReadmeTests.cs"));
        int start = loop.IndexOf("// example", StringComparison.Ordinal) + "// example".Length;
        Assert.Contains(
            Normalized(loop[start..loop.IndexOf("// end", StringComparison.Ordinal)]), text, StringComparison.Ordinal);
    }

    // Indentation and line ends aside.
    private static string Normalized(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim())).Trim();

    private static string Here() => Path.Combine(Root(), "tests", "PipelineSdk.Samples.Tests");

    // From where the tests run: the path that the compiler saw is another one in builds that are reproducible.
    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PipelineSdk.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
