using System.Diagnostics;
using System.Globalization;
using ResNet.CommandLine;
using ResNet.Data;
using static TorchSharp.torch;

namespace ResNet.Training;

/// <summary>SGD with momentum and weight decay as the ResNet paper has it, the same for every way to run the model.</summary>
internal sealed class TrainingLoop(DataSet data, SampleOptions options)
{
    private const double Momentum = 0.9;
    private const double WeightDecay = 1e-4;

    private readonly BatchOrder order = new(data.Train.Count, options.BatchSize, options.Seed);

    /// <summary>How many optimizer steps the options ask for.</summary>
    public int Steps => (int)Math.Min(options.Steps ?? int.MaxValue, (long)(options.Epochs ?? int.MaxValue) * order.BatchesPerEpoch);

    /// <summary>Trains, then evaluates on the test images.</summary>
    /// <param name="name">The run's name in tables.</param>
    /// <param name="trainer">How to run the model.</param>
    /// <param name="report">Takes a line after each step.</param>
    /// <param name="epochDone">Called after each epoch, outside of the time that is measured.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public RunResult Run(
        string name, ITrainer trainer, Action<string> report, Action? epochDone, CancellationToken cancellationToken)
    {
        var steps = new List<StepTiming>();
        var epochs = new List<EpochResult>();
        trainer.Model.train();
        using var optimizer = optim.SGD(trainer.Model.parameters(), options.LearningRate, Momentum, weight_decay: WeightDecay);
        for (int total = Steps; steps.Count < total;)
        {
            epochs.Add(Epoch(trainer, optimizer, epochs.Count, total, steps, report, cancellationToken));
            epochDone?.Invoke();
        }

        var (testLoss, testSeconds, scores) = Evaluation.Run(trainer, data.Test, options.BatchSize, cancellationToken);
        return new RunResult(name, steps, epochs, epochs.Sum(epoch => epoch.Seconds), testLoss, testSeconds, scores);
    }

    /// <summary>Trains the first batches only, for their time.</summary>
    public double MeasureThroughput(ITrainer trainer, int steps, Action<string> report, CancellationToken cancellationToken)
    {
        var timings = new List<StepTiming>();
        trainer.Model.train();
        using var optimizer = optim.SGD(trainer.Model.parameters(), options.LearningRate, Momentum, weight_decay: WeightDecay);
        for (int epoch = 0; timings.Count < steps; epoch++) Epoch(trainer, optimizer, epoch, steps, timings, report, cancellationToken);
        return Throughput.Of(timings);
    }

    private EpochResult Epoch(
        ITrainer trainer, optim.Optimizer optimizer, int epoch, int total, List<StepTiming> steps, Action<string> report,
        CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        int first = steps.Count;
        foreach (var indices in order.Epoch(epoch))
        {
            using var batch = Batch.Of(data.Train, indices);
            var stepClock = Stopwatch.StartNew();
            optimizer.zero_grad();
            double loss = trainer.Step(batch, cancellationToken);
            using (NewDisposeScope()) optimizer.step();
            var step = new StepTiming(batch.Count, loss, stepClock.Elapsed.TotalSeconds);
            steps.Add(step);
            report(string.Create(CultureInfo.InvariantCulture,
                $"step {steps.Count}/{total}, loss {step.Loss:F4}, {step.Images / step.Seconds:F0} images/s"));
            if (steps.Count == total) break;
        }

        var done = steps.Skip(first).ToList();
        int images = done.Sum(step => step.Images);
        return new EpochResult(epoch + 1, images, done.Sum(step => step.Loss * step.Images) / images, clock.Elapsed.TotalSeconds);
    }
}
