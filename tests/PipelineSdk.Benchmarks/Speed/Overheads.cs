using System.Diagnostics;
using PipelineSdk.Benchmarks.Models;
using PipelineSdk.Execution;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What the pipeline costs by itself.</summary>
internal static class Overheads
{
    private const int ManyMicroBatches = 512;

    public static IEnumerable<OverheadRow> Measure()
    {
        using var scope = NewDisposeScope();
        foreach (var spin in new[] { true, false })
        {
            var waiting = spin ? "receiver spins, then blocks" : "receiver blocks";
            yield return new($"hand-over to another thread, the link alone, {waiting}", 1e6 * LinkAlone(spin));
            yield return new($"hand-over in a pipeline, from end to start of work, {waiting}", 1e6 * HandOver(spin));
        }

        foreach (var train in new[] { false, true })
        {
            yield return Action(train);
            if (train) yield return new("the same libtorch calls without a pipeline, per action", 1e6 * ByHand());
        }

        foreach (var train in new[] { false, true })
        {
            foreach (var workers in new[] { 1, 2, 4 })
            {
                var (step, around) = Step(workers, train);
                var what = $"step, {Mode(train)}, {workers} worker{(workers == 1 ? "" : "s")}, one micro-batch";
                yield return new(what, 1e6 * step);
                yield return new($"{what}: before its first and after its last action", 1e6 * around);
            }
        }

        foreach (var (stages, microBatches) in new[] { (2, 1024), (8, 1024), (32, 1024), (64, 64), (64, 1024) }) yield return Scaling(stages, microBatches);
        yield return new("pipeline of two stages built, started and ended", 1e6 * BuildAndEnd());
        foreach (var row in StartUp.Rows()) yield return row;
    }

    private static string Mode(bool train) => train ? "training" : "forward only";

    /// <summary>Half of a round trip of a number over two links.</summary>
    private static double LinkAlone(bool spin)
    {
        const int rounds = 20_000;
        var (there, back) = (new Link<int>(1, spin), new Link<int>(1, spin));
        var other = new Thread(() =>
        {
            for (var i = 0; i < rounds; i++)
            {
                there.TryTake(out var value);
                back.TryPut(value);
            }
        });
        other.Start();
        var start = 0L;
        for (var i = 0; i < rounds; i++)
        {
            if (i == rounds / 4) start = Stopwatch.GetTimestamp();
            there.TryPut(i);
            back.TryTake(out _);
        }

        var time = Stopwatch.GetElapsedTime(start).TotalSeconds;
        other.Join();
        return time / (rounds - (rounds / 4)) / 2;
    }

    /// <summary>As the recorder sees it, where the receiver waited: with what making and taking a boundary's messages costs.</summary>
    private static double HandOver(bool spin)
    {
        using var pipeline = new EmptyPipeline(workers: 2, stages: 2, microBatches: 8, train: true, spin);
        return Statistics.Median([.. pipeline.Run(500).SelectMany(step => step.HandOvers())]);
    }

    /// <summary>What each further micro-batch adds, on one worker.</summary>
    private static OverheadRow Action(bool train)
    {
        var few = MedianStep(1, 1, 1, train, 400);
        var many = MedianStep(1, 1, ManyMicroBatches, train, 20);
        var actions = (train ? 2 : 1) * (ManyMicroBatches - 1);
        return new($"action, {Mode(train)}", 1e6 * (many.Seconds - few.Seconds) / actions, (many.Bytes - few.Bytes) / actions);
    }

    /// <summary>What a stage that does nothing makes libtorch do, in a plain loop: the rest of an action's time is the pipeline's.</summary>
    private static double ByHand()
    {
        using var identity = nn.Identity();
        using var x = ones(ManyMicroBatches, 1).requires_grad_();
        return Repeat(20, () =>
        {
            for (var i = 0; i < ManyMicroBatches; i++)
            {
                using var scope = NewDisposeScope();
                var slice = x.narrow(0, i, 1);
                var leaf = slice.detach().requires_grad_();
                var loss = identity.call(leaf.clone()).sum();
                _ = loss.detach().to(ScalarType.Float64).item<double>();
                autograd.backward([loss], [loss.detach().full_like(1.0)]);
                autograd.backward(slice, leaf.grad!);
            }
        }) / (2 * ManyMicroBatches);
    }

    private static (double Step, double Around) Step(int workers, bool train)
    {
        using var pipeline = new EmptyPipeline(workers, workers, 1, train);
        var steps = pipeline.Run(400);
        return (Statistics.Median([.. steps.Select(step => step.Seconds)]), Statistics.Median([.. steps.Select(step => step.AroundActions)]));
    }

    private static OverheadRow Scaling(int stages, int microBatches)
    {
        var (seconds, bytes) = MedianStep(2, stages, microBatches, train: true, steps: 3);
        var actions = 2.0 * stages * microBatches;
        return new($"action, training, {stages} stages on 2 workers, {microBatches} micro-batches", 1e6 * seconds / actions, bytes / actions);
    }

    private static (double Seconds, double Bytes) MedianStep(int workers, int stages, int microBatches, bool train, int steps)
    {
        using var pipeline = new EmptyPipeline(workers, stages, microBatches, train);
        var done = pipeline.Run(steps);
        return (Statistics.Median([.. done.Select(step => step.Seconds)]), Statistics.Median([.. done.Select(step => step.Bytes)]));
    }

    private static double BuildAndEnd()
    {
        using var model = new Trivial(2);
        return Repeat(20, () => PipelineSdk.Pipeline.Create(model, new PipelineOptions { Stages = 2 }).Dispose());
    }

    private static double Repeat(int times, Action action)
    {
        var seconds = new double[times];
        for (var i = 0; i < times; i++)
        {
            var start = Stopwatch.GetTimestamp();
            action();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return Statistics.Median(seconds);
    }
}
