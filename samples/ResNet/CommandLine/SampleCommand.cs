using System.CommandLine;
using System.CommandLine.Parsing;
using ResNet.Data;

namespace ResNet.CommandLine;

/// <summary>The sample's command line.</summary>
internal sealed class SampleCommand
{
    private static readonly SampleOptions Defaults = new();

    private readonly Option<string> mode = new Option<string>("--mode")
    {
        Description = "train: train uncut and through the pipeline; inference: classify the test images with a checkpoint.",
        DefaultValueFactory = _ => "train",
    }.AcceptOnlyFromAmong("train", "inference");

    private readonly Option<string> schedule = new Option<string>("--schedule")
    {
        Description = "In which order the stages run forwards and backwards.",
        DefaultValueFactory = _ => Defaults.Schedule,
    }.AcceptOnlyFromAmong("gpipe", "1f1b");

    private readonly Option<int> stages = Numbers.Whole(
        "--stages", "Stages, each on a thread of its own: 3 as annotated, 2 or 1 with neighbours joined.", 1,
        SampleOptions.MostStages, Defaults.Stages);

    private readonly Option<int?> threadsPerStage = Numbers.OptionalWhole(
        "--threads-per-stage", "Threads inside one operation of a stage; by default the cores are shared between the stages. "
        + "With 1 the losses are those of one thread to the last bit.", 1, 1_024);

    private readonly Option<int> batchSize = Numbers.Whole(
        "--batch-size", "Images per optimizer step.", 1, 50_000, Defaults.BatchSize);

    private readonly Option<int> microBatch = Numbers.Whole(
        "--micro-batch", "Images per micro-batch.", 1, 50_000, Defaults.MicroBatch);

    private readonly Option<int?> epochs = Numbers.OptionalWhole(
        "--epochs", "Passes over the training images. Without --epochs, --steps and --train-images: a short run on a part of them.",
        1, 10_000);

    private readonly Option<int?> steps = Numbers.OptionalWhole("--steps", "Optimizer steps after which to end.", 1, int.MaxValue);

    private readonly Option<int?> trainImages = Numbers.OptionalWhole(
        "--train-images", "How many training images to use, from the first on; all by default.", 1, int.MaxValue);

    private readonly Option<int?> testImages = Numbers.OptionalWhole(
        "--test-images", "How many test images to use, from the first on; all by default.", 1, int.MaxValue);

    private readonly Option<double> learningRate = Numbers.Positive("--lr", "Learning rate of SGD.", Defaults.LearningRate);

    private readonly Option<int> seed = Numbers.Whole(
        "--seed", "Decides the initial weights and the order of the images.", 0, int.MaxValue, Defaults.Seed);

    private readonly Option<string?> data = new("--data")
    {
        Description = $"Folder with the binary version of CIFAR-10. Else {DataSource.EnvironmentVariable}, else a download, else images made here.",
    };

    private readonly Option<string> output = new("--output")
    {
        Description = "Folder for metrics, checkpoint, Gantt and plots.",
        DefaultValueFactory = _ => Defaults.Output,
    };

    private readonly Option<string?> checkpoint = new("--checkpoint")
    {
        Description = "Weights for --mode inference; by default those that training left in --output.",
    };

    private readonly Option<string> trace = new Option<string>("--trace")
    {
        Description = "Where the pipeline's spans go. OTLP heeds the OTEL_EXPORTER_OTLP_* variables.",
        DefaultValueFactory = _ => "none",
    }.AcceptOnlyFromAmong("none", "console", "otlp");

    /// <param name="run">What to do with options that passed; its result is the exit code.</param>
    public SampleCommand(Func<SampleOptions, CancellationToken, Task<int>> run)
    {
        Root = new RootCommand("ResNet-20 on CIFAR-10, trained uncut on one thread and through a pipeline of stages, from the same weights.")
        {
            mode, schedule, stages, threadsPerStage, batchSize, microBatch, epochs, steps, trainImages, testImages, learningRate, seed,
            data, output, checkpoint, trace,
        };
        Root.SetAction((parsed, cancellationToken) => run(Read(parsed), cancellationToken));
    }

    public RootCommand Root { get; }

    /// <summary>What is wrong with the command line; empty where nothing is.</summary>
    public IEnumerable<string> Errors(ParseResult parsed)
    {
        var errors = parsed.Errors.Select(Message).ToList();
        if (errors.Count > 0) return errors;

        var options = Read(parsed);
        if (options.MicroBatch > options.BatchSize)
            errors.Add($"--micro-batch {options.MicroBatch} is larger than --batch-size {options.BatchSize}: micro-batches are slices of a batch.");
        if (options.Data is not null && !Directory.Exists(options.Data))
            errors.Add($"--data {options.Data}: there is no such folder.");
        if (options.Checkpoint is not null && options.Mode != RunMode.Inference)
            errors.Add("--checkpoint is for --mode inference.");
        if (options.Checkpoint is not null && !File.Exists(options.Checkpoint))
            errors.Add($"--checkpoint {options.Checkpoint}: there is no such file.");
        if (File.Exists(options.Output))
            errors.Add($"--output {options.Output} is a file, and a folder is needed.");
        return errors;
    }

    // The library's message on a word that is not one of those allowed does not name the option.
    private static string Message(ParseError error)
    {
        var option = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        return option is null || error.Message.Contains(option.Option.Name, StringComparison.Ordinal)
            ? error.Message
            : $"{option.Option.Name}: {error.Message}";
    }

    private SampleOptions Read(ParseResult parsed) => new()
    {
        Mode = Enum.Parse<RunMode>(parsed.GetValue(mode)!, ignoreCase: true),
        Schedule = parsed.GetValue(schedule)!,
        Stages = parsed.GetValue(stages),
        ThreadsPerStage = parsed.GetValue(threadsPerStage),
        BatchSize = parsed.GetValue(batchSize),
        MicroBatch = parsed.GetValue(microBatch),
        Epochs = parsed.GetValue(epochs),
        Steps = parsed.GetValue(steps),
        TrainImages = parsed.GetValue(trainImages),
        TestImages = parsed.GetValue(testImages),
        LearningRate = parsed.GetValue(learningRate),
        Seed = parsed.GetValue(seed),
        Data = parsed.GetValue(data) ?? EnvironmentData(),
        Output = parsed.GetValue(output)!,
        Checkpoint = parsed.GetValue(checkpoint),
        Trace = Enum.Parse<TraceExporter>(parsed.GetValue(trace)!, ignoreCase: true),
    };

    private static string? EnvironmentData() =>
        Environment.GetEnvironmentVariable(DataSource.EnvironmentVariable) is { Length: > 0 } folder ? folder : null;
}
