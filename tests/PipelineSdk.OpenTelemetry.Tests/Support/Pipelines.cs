using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using static TorchSharp.torch;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Real pipelines of four stages, small enough for tests.</summary>
internal static class Pipelines
{
    public const int Stages = 4;

    public static IPipeline<HandCutNet> Create(
        HandCutNet net, PipelineSchedule schedule, int microBatches, Microsoft.Extensions.Logging.ILogger? logger = null) => Pipeline.Create(
            net,
            new PipelineOptions { Name = "Net", Schedule = schedule, MicroBatches = microBatches, IntraOpThreads = 1, PinThreads = false },
            logger);

    /// <summary>A step of 16 samples.</summary>
    public static StepResult TrainStep(this IPipeline<HandCutNet> pipeline)
    {
        using var scope = NewDisposeScope();
        return pipeline.TrainStep(rand(16, 6), rand(16, 3), static (output, target) => nn.functional.mse_loss(output, target));
    }
}
