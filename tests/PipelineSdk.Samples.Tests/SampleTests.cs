using System.Text.Json;
using System.Xml.Linq;
using ResNet;
using ResNet.CommandLine;
using Spectre.Console;

namespace PipelineSdk.Samples.Tests;

/// <summary>The sample from end to end, on a handful of images.</summary>
public sealed class SampleTests : IDisposable
{
    private static readonly byte[] Labels = [.. Enumerable.Range(0, 20).Select(image => (byte)(image % 10))];

    private readonly TemporaryFolder folder = new();
    private readonly StringWriter output = new();

    public SampleTests()
    {
        CifarFiles.Write(folder, "data_batch_1.bin", CifarFiles.Records(Labels));
        CifarFiles.Write(folder, "test_batch.bin", CifarFiles.Records(Labels[..10]));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Training_then_inference_prints_tables_and_writes_every_file()
    {
        Assert.Equal(0, await Run(Options()));

        using var metrics = JsonDocument.Parse(await File.ReadAllTextAsync(Result("metrics.json")));
        Assert.Equal(4, metrics.RootElement.GetProperty("pipeline").GetProperty("steps").GetArrayLength());
        Assert.Equal(0, metrics.RootElement.GetProperty("largestLossDifference").GetDouble());
        using var trace = JsonDocument.Parse(await File.ReadAllTextAsync(Result("gantt.perfetto.json")));
        Assert.NotEqual(0, trace.RootElement.GetProperty("traceEvents").GetArrayLength());
        Assert.Equal("svg", XDocument.Load(Result("gantt.svg")).Root!.Name.LocalName);
        var page = await File.ReadAllTextAsync(Result("plots.html"));
        Assert.DoesNotContain("/*DATA*/", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script src", page, StringComparison.Ordinal);
        foreach (var word in (string[])["sequential", "pipeline", "macro F1", "one thread, same micro-batches", "all "])
            Assert.Contains(word, output.ToString(), StringComparison.Ordinal);

        Assert.Equal(0, await Run(Options() with { Mode = RunMode.Inference }));
        using var inference = JsonDocument.Parse(await File.ReadAllTextAsync(Result("inference.json")));
        var accuracies = inference.RootElement.GetProperty("runs").EnumerateArray()
            .Select(run => run.GetProperty("scores").GetProperty("accuracy").GetDouble()).ToList();
        Assert.Equal(3, accuracies.Count);
        Assert.Single(accuracies.Distinct());
        Assert.Equal(metrics.RootElement.GetProperty("pipeline").GetProperty("scores").GetProperty("accuracy").GetDouble(), accuracies[0]);
    }

    [Fact]
    public async Task A_truncated_data_file_is_named_and_an_older_checkpoint_stays()
    {
        Directory.CreateDirectory(folder["results"]);
        await File.WriteAllTextAsync(Result("checkpoint.dat"), "old");
        var path = CifarFiles.Write(folder, "data_batch_1.bin", CifarFiles.Records(Labels)[..^7]);

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Run(Options()));

        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal("old", await File.ReadAllTextAsync(Result("checkpoint.dat")));
    }

    [Fact]
    public async Task Inference_without_a_checkpoint_says_to_train_first()
    {
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => Run(Options() with { Mode = RunMode.Inference }));

        Assert.Contains(Result("checkpoint.dat"), error.Message, StringComparison.Ordinal);
        Assert.Contains("train first", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_run_ends_and_leaves_no_half_written_file()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(Options(), cancelled.Token));

        Assert.False(Directory.Exists(folder["results"]) && Directory.EnumerateFiles(folder["results"]).Any());
    }

    private SampleOptions Options() => new()
    {
        Data = folder.Path,
        Output = folder["results"],
        BatchSize = 10,
        MicroBatch = 4,
        Epochs = 2,
        Stages = 2,
        ThreadsPerStage = 1,
    };

    private string Result(string name) => Path.Combine(folder["results"], name);

    private Task<int> Run(SampleOptions options, CancellationToken cancellationToken = default) =>
        new Sample(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) })).RunAsync(options, cancellationToken);
}
