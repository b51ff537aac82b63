using System.Diagnostics;
using PipelineSdk.Benchmarks.Models;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>A pipeline of stages that do nothing, on tensors of one element: its time is the pipeline's own.</summary>
internal sealed class EmptyPipeline : IDisposable
{
    private const int WarmUp = 3;

    private readonly bool train;
    private readonly Trivial model;
    private readonly IPipeline<Trivial> pipeline;
    private readonly Tensor x;
    private readonly Tensor y;

    /// <param name="workers">Workers.</param>
    /// <param name="stages">Stages; more than workers are interleaved.</param>
    /// <param name="microBatches">Micro-batches.</param>
    /// <param name="train">Whether steps train, or run forward only.</param>
    /// <param name="spin">Whether a worker that waits spins before it blocks; null as by default.</param>
    public EmptyPipeline(int workers, int stages, int microBatches, bool train, bool? spin = null)
    {
        this.train = train;
        model = new Trivial(stages);
        pipeline = PipelineSdk.Pipeline.Create(model, new PipelineOptions
        {
            Schedule = stages > workers ? PipelineSchedule.InterleavedOneForwardOneBackward : PipelineSchedule.OneForwardOneBackward,
            Stages = stages,
            Workers = workers,
            MicroBatches = microBatches,
            IntraOpThreads = 1,
            SpinWhileWaiting = spin,
        });
        x = ones(microBatches, 1);
        y = zeros(microBatches, 1);
        if (train) x.requires_grad_();
    }

    /// <summary>Times steps, warm.</summary>
    public IReadOnlyList<EmptyStep> Run(int steps)
    {
        StepTimeline? timeline = null;
        // A forward returns none.
        using var subscription = StepTimelines.Subscribe(step => timeline = step);
        var done = new List<EmptyStep>();
        for (var i = 0; i < WarmUp + steps; i++)
        {
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var start = Stopwatch.GetTimestamp();
            if (train) pipeline.TrainStep(x, y, static (output, _) => output.sum());
            else pipeline.Forward(x).Dispose();
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
            if (i >= WarmUp) done.Add(new EmptyStep(seconds, bytes, timeline!));
        }

        return done;
    }

    public void Dispose()
    {
        pipeline.Dispose();
        model.Dispose();
        x.Dispose();
        y.Dispose();
    }
}
