using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PipelineSdk.Execution;
using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>
/// Independent models that train at once, each on a thread, a core and a batch of its own: they share nothing but the machine, so their common speed over one
/// thread is the ceiling of what a pipeline with as many workers could gain on it.
/// </summary>
internal sealed class Copies : Contender
{
    private readonly IReadOnlyList<Action> steps;
    private readonly IReadOnlyList<IDisposable> models;

    private Copies(IReadOnlyList<Action> steps, IReadOnlyList<IDisposable> models)
        : base($"{steps.Count} copies at once, 1 thread each", ContenderKind.Copies)
    {
        this.steps = steps;
        this.models = models;
    }

    public int Count => steps.Count;

    /// <summary>Makes them. Batches go with the current dispose scope.</summary>
    public static Copies Of<TModel>(Workload<TModel> work, int count)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        var models = Enumerable.Range(0, count).Select(_ => work.Model()).ToList();
        var steps = models.Select(model =>
        {
            var (x, y) = work.Batch();
            return (Action)(() => work.Step(model, x, y, work.MicroBatches));
        });
        return new Copies([.. steps], models);
    }

    /// <summary>Seconds of each of a number of steps, per batch: all begin a step together, and the last to end it ends its time, divided by the batches.</summary>
    public override IReadOnlyList<double> Run(int steps)
    {
        var threads = WorkerThreadSettings.Share(new PipelineOptions { IntraOpThreads = 1 }, Count, NullLogger.Instance);
        var together = new List<long>();
        using var barrier = new Barrier(Count, _ => together.Add(Stopwatch.GetTimestamp()));
        var running = this.steps.Select((step, index) => new Thread(() =>
        {
            threads.Apply(index);
            barrier.SignalAndWait();
            for (var i = 0; i < steps; i++)
            {
                step();
                barrier.SignalAndWait();
            }
        })).ToList();
        foreach (var thread in running) thread.Start();
        foreach (var thread in running) thread.Join();
        return [.. together.Zip(together.Skip(1), (start, end) => Stopwatch.GetElapsedTime(start, end).TotalSeconds / Count)];
    }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var model in models) model.Dispose();
    }
}
