using Microsoft.Extensions.DependencyInjection;
using PipelineSdk;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry;
using ResNet.CommandLine;
using ResNet.Data;
using ResNet.Metrics;
using ResNet.Model;
using static TorchSharp.torch;

namespace ResNet.Training;

/// <summary>The model through a pipeline: the one call that a training loop changes.</summary>
internal sealed class PipelineTrainer : ITrainer
{
    private readonly ServiceProvider services;
    private readonly IPipeline<ResNet20> pipeline;
    private readonly TorchSharp.Modules.CrossEntropyLoss loss = nn.CrossEntropyLoss();

    /// <param name="model">The model; stays the caller's.</param>
    /// <param name="options">Schedule, stages and micro-batch.</param>
    public PipelineTrainer(ResNet20 model, SampleOptions options)
    {
        Model = model;
        services = new ServiceCollection()
            .AddSingleton(model)
            .AddPipeline<ResNet20>(pipeline =>
            {
                pipeline.Schedule = options.PipelineSchedule;
                pipeline.Stages = options.Stages;
                pipeline.MicroBatchSize = options.MicroBatch;
                pipeline.IntraOpThreads = options.ThreadsPerStage;
            })
            .BuildServiceProvider();
        pipeline = services.GetRequiredService<IPipeline<ResNet20>>();
    }

    public ResNet20 Model { get; }

    public IReadOnlyList<string> StageNames => pipeline.StageNames;

    /// <summary>What the workers did, step by step.</summary>
    public List<StepTimeline> Timelines { get; } = [];

    /// <summary>Loss, samples, memory and time of every training step, for the report.</summary>
    public TrainingLog Log { get; } = new();

    /// <summary>The last training step; null before the first.</summary>
    public StepResult? LastStep { get; private set; }

    /// <summary>The timelines of training steps alone.</summary>
    public IReadOnlyList<StepTimeline> TrainingTimelines => [.. Timelines.Where(step => step.Mode == "train")];

    public double Step(Batch batch, CancellationToken cancellationToken)
    {
        var step = pipeline.TrainStep(batch.Images, batch.Labels, loss, cancellationToken);
        Timelines.Add(step.Timeline);
        Log.Add(step);
        LastStep = step;
        return step.Loss;
    }

    public double Evaluate(Batch batch, ConfusionMatrix predictions, CancellationToken cancellationToken)
    {
        using var result = pipeline.Evaluate(batch.Images, batch.Labels, loss, cancellationToken);
        Timelines.Add(result.Timeline);
        Predictions.Count(result.Outputs, batch.Labels, predictions);
        return result.Loss;
    }

    public void Dispose()
    {
        services.Dispose();
        loss.Dispose();
    }
}
