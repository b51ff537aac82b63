using System.Diagnostics;
using PipelineSdk.Benchmarks.Models;
using PipelineSdk.Execution;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What the pipeline costs by itself: stages that do nothing, on tensors of one element.</summary>
internal static class Overheads
{
    public static IEnumerable<(string What, string Figure)> Measure()
    {
        yield return ("one-way hand-over between two threads, link alone", $"{SpeedReport.Text(1e6 * Handover(), "0.00")} us");
        using var scope = NewDisposeScope();
        var (step, action, bytes) = PerAction(train: false);
        yield return ("action, forward only, one worker", $"{SpeedReport.Text(1e6 * action, "0.00")} us, {SpeedReport.Text(bytes, "0")} bytes allocated");
        yield return ("step, forward only, one worker, one micro-batch", $"{SpeedReport.Text(1e6 * step, "0.0")} us");
        (step, action, bytes) = PerAction(train: true);
        yield return ("action, training, one worker", $"{SpeedReport.Text(1e6 * action, "0.00")} us, {SpeedReport.Text(bytes, "0")} bytes allocated");
        yield return ("the same libtorch calls without a pipeline, per action", $"{SpeedReport.Text(1e6 * ByHand(), "0.00")} us");
        yield return ("step, training, one worker, one micro-batch", $"{SpeedReport.Text(1e6 * step, "0.0")} us");
        foreach (var (stages, microBatches) in new[] { (2, 1024), (8, 1024), (32, 1024), (64, 64), (64, 1024) })
            yield return ($"training, {stages} stages on 2 workers, {microBatches} micro-batches", Scaling(stages, microBatches));
        yield return ("pipeline of two stages built, started and ended", $"{SpeedReport.Text(1e3 * BuildAndEnd(), "0.00")} ms");
    }

    /// <summary>Half of a round trip of a number over two links.</summary>
    private static double Handover()
    {
        const int rounds = 20_000;
        var (there, back) = (new Link<int>(1, spin: true), new Link<int>(1, spin: true));
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

    private static (double Step, double Action, double Bytes) PerAction(bool train)
    {
        const int many = 512;
        var (small, _) = Time(1, 1, 1, train, 400);
        var (large, bytes) = Time(1, 1, many, train, 20);
        var actions = (train ? 2 : 1) * (many - 1);
        var (_, fewBytes) = Time(1, 1, 1, train, 50);
        return (small, (large - small) / actions, (bytes - fewBytes) / actions);
    }

    /// <summary>What a stage that does nothing makes libtorch do, in a plain loop: the rest of an action's time is the pipeline's.</summary>
    private static double ByHand()
    {
        const int many = 512;
        using var identity = nn.Identity();
        using var x = ones(many, 1).requires_grad_();
        var times = new List<double>();
        for (var repetition = 0; repetition < 20; repetition++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < many; i++)
            {
                using var scope = NewDisposeScope();
                var slice = x.narrow(0, i, 1);
                var leaf = slice.detach().requires_grad_();
                var loss = identity.call(leaf.clone()).sum();
                _ = loss.detach().to(ScalarType.Float64).item<double>();
                autograd.backward([loss], [loss.detach().full_like(1.0)]);
                autograd.backward(slice, leaf.grad!);
            }

            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds / (2 * many));
        }

        return Comparison.Median(times);
    }

    private static string Scaling(int stages, int microBatches)
    {
        var (seconds, bytes) = Time(2, stages, microBatches, train: true, repetitions: 3);
        var actions = 2.0 * stages * microBatches;
        return $"{SpeedReport.Text(1e6 * seconds / actions, "0.00")} us and {SpeedReport.Text(bytes / actions, "0")} bytes an action, {SpeedReport.Text(1e3 * seconds, "0")} ms a step";
    }

    private static double BuildAndEnd()
    {
        using var model = new Trivial(2);
        var times = new List<double>();
        for (var i = 0; i < 20; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using (PipelineSdk.Pipeline.Create(model, new PipelineOptions { Stages = 2 })) { }
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return Comparison.Median(times);
    }

    private static (double Seconds, double Bytes) Time(int workers, int stages, int microBatches, bool train, int repetitions)
    {
        using var model = new Trivial(stages);
        using var pipeline = PipelineSdk.Pipeline.Create(model, new PipelineOptions
        {
            Schedule = stages > workers ? PipelineSchedule.InterleavedOneForwardOneBackward : PipelineSchedule.OneForwardOneBackward,
            Stages = stages,
            Workers = workers,
            MicroBatches = microBatches,
            IntraOpThreads = 1,
        });
        using var x = ones(microBatches, 1);
        using var y = zeros(microBatches, 1);
        if (train) x.requires_grad_();
        var times = new List<double>();
        var allocated = new List<double>();
        for (var i = 0; i < repetitions + 3; i++)
        {
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            if (train) pipeline.TrainStep(x, y, static (output, _) => output.sum());
            else pipeline.Forward(x).Dispose();
            times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            allocated.Add(GC.GetTotalAllocatedBytes(precise: true) - bytes);
        }

        return (Comparison.Median([.. times.Skip(3)]), Comparison.Median([.. allocated.Skip(3)]));
    }
}
