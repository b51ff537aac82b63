using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PipelineSdk;
using PipelineSdk.Diagnostics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Jaeger;

/// <summary>Trains the model through its pipeline, then ends the host.</summary>
internal sealed partial class TrainingService(
    SpiralNet model, IPipeline<SpiralNet> pipeline, IOptions<TrainingOptions> options, IHostApplicationLifetime host, ILogger<TrainingService> logger)
    : BackgroundService
{
    private const int StepsPerLine = 10;

    private readonly TrainingOptions training = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A step blocks its caller: not the host's thread.
        await Task.Run(() => Train(stoppingToken), stoppingToken);
        host.StopApplication();
    }

    private void Train(CancellationToken cancellation)
    {
        using var optimizer = optim.SGD(model.parameters(), training.LearningRate, momentum: 0.9);
        using var loss = CrossEntropyLoss();
        for (var number = 1; number <= training.Steps; number++)
        {
            using var scope = NewDisposeScope();
            var (points, spiral) = Spirals.Draw(training.BatchSize);
            optimizer.zero_grad();
            var step = pipeline.TrainStep(points, spiral, loss, cancellation);
            optimizer.step();
            if (number % StepsPerLine != 0 && number != training.Steps) continue;
            var bubble = TimelineSummary.Of(step.Timeline).FlushBubbleFraction;
            LogStep(
                logger, number, training.Steps, Text("0.0000", step.Loss), Text("0", step.Samples / step.Duration.TotalSeconds), Text("0 %", bubble));
        }
    }

    private static string Text(string format, double number) => number.ToString(format, CultureInfo.InvariantCulture);

    [LoggerMessage(1, LogLevel.Information, "step {Step}/{Steps}, loss {Loss}, {Throughput} samples/s, flush bubble {Bubble}")]
    private static partial void LogStep(ILogger logger, int step, int steps, string loss, string throughput, string bubble);
}
