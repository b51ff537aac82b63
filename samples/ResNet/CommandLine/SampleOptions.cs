using PipelineSdk.Schedules;

namespace ResNet.CommandLine;

/// <summary>What the user asked for, checked.</summary>
internal sealed record SampleOptions
{
    public const int MostStages = 3;

    public RunMode Mode { get; init; } = RunMode.Train;

    public int BatchSize { get; init; } = 512;

    /// <summary>Images per micro-batch, at most <see cref="BatchSize"/>.</summary>
    public int MicroBatch { get; init; } = 64;

    public string Schedule { get; init; } = "1f1b";

    /// <summary>Stages, each on a thread of its own.</summary>
    public int Stages { get; init; } = MostStages;

    /// <summary>Threads that libtorch may use inside an operation of a stage; null shares the cores between the stages.</summary>
    public int? ThreadsPerStage { get; init; }

    /// <summary>Passes over the training images; null for as many as <see cref="Steps"/> needs.</summary>
    public int? Epochs { get; init; }

    /// <summary>Optimizer steps after which training ends; null for none such.</summary>
    public int? Steps { get; init; }

    /// <summary>How many training images to use; null for all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>How many test images to use; null for all.</summary>
    public int? TestImages { get; init; }

    public double LearningRate { get; init; } = 0.1;

    public int Seed { get; init; } = 1;

    /// <summary>The folder with CIFAR-10; null to look for it.</summary>
    public string? Data { get; init; }

    public string Output { get; init; } = "results";

    /// <summary>The weights for inference; null for those that training left in <see cref="Output"/>.</summary>
    public string? Checkpoint { get; init; }

    public TraceExporter Trace { get; init; } = TraceExporter.None;

    public PipelineSchedule PipelineSchedule =>
        Schedule == "gpipe" ? PipelineSchedule.GPipe : PipelineSchedule.OneForwardOneBackward;

    public string CheckpointPath => Checkpoint ?? Path.Combine(Output, "checkpoint.dat");

    /// <summary>
    /// These options with the length of a short run where the user asked for no length: a few epochs over a part of the
    /// images, so that the whole comparison takes a minute or two on two cores.
    /// </summary>
    public SampleOptions WithLength() => Epochs is null && Steps is null && TrainImages is null
        ? this with { Epochs = 3, TrainImages = 2_560, TestImages = TestImages ?? 1_000 }
        : Epochs is null && Steps is null ? this with { Epochs = 1 } : this;
}
