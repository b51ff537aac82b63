using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>A model with a batch to train it on.</summary>
/// <param name="Name">What tables and the peers call it.</param>
/// <param name="Model">Makes the model.</param>
/// <param name="Batch">Makes inputs and targets of a whole batch.</param>
/// <param name="Loss">The loss, a mean over samples.</param>
/// <param name="MicroBatches">Into how many pieces the batch is cut.</param>
/// <param name="Samples">Samples in the batch.</param>
internal sealed record Workload<TModel>(
    string Name, Func<TModel> Model, Func<(Tensor X, Tensor Y)> Batch, Func<Tensor, Tensor, Tensor> Loss, int MicroBatches, int Samples) : IWorkload
    where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
{
    public Comparison Compare(SpeedOptions options, Action<string, double> report) => Comparison.Of(this, options, report);

    public double[] Lever(LeverSettings settings) => Speed.Lever.Of(this, settings);

    public MemoryRow Memory(string schedule, ActivationRecompute recompute) => MemoryRow.Of(this, schedule, recompute);

    public (double Seconds, int Actions) PipelineStep()
    {
        using var scope = NewDisposeScope();
        var (x, y) = Batch();
        using var model = Model();
        using var pipeline = TwoWorkers(model, x, y, new LeverSettings());
        pipeline.TrainStep(x, y, Loss);
        var steps = Enumerable.Range(0, 9).Select(_ => pipeline.TrainStep(x, y, Loss).Timeline).ToList();
        return (Statistics.Median([.. steps.Select(step => step.Duration.TotalSeconds)]), steps[0].Actions.Count);
    }

    public void TrainTwice(Action modelIsThere, Action pipelineIsBuilt, Action stepped)
    {
        using var scope = NewDisposeScope();
        using var model = Model();
        var (x, y) = Batch();
        modelIsThere();
        using var pipeline = PipelineSdk.Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = MicroBatches });
        pipelineIsBuilt();
        pipeline.TrainStep(x, y, Loss);
        stepped();
        pipeline.TrainStep(x, y, Loss);
    }

    /// <summary>A pipeline of two workers under 1F1B, with the stages that a profile makes the best.</summary>
    public IPipeline<TModel> TwoWorkers(TModel model, Tensor x, Tensor y, LeverSettings settings)
    {
        var plan = PipelinePlanner.Plan(
            Profile(model, x, y, settings.TuneAllocator), new PlannerOptions(Samples, 2), PipelineSchedule.OneForwardOneBackward, new ScheduleShape(2, 2, MicroBatches));
        return PipelineSdk.Pipeline.Create(model, new PipelineOptions
        {
            Plan = plan,
            IntraOpThreads = settings.IntraOpThreads,
            PinThreads = settings.Pin,
            TuneAllocator = settings.TuneAllocator,
            SpinWhileWaiting = settings.Spin,
        });
    }

    /// <summary>One step without a pipeline: the batch in pieces, one after another.</summary>
    public void Step(TModel model, Tensor x, Tensor y, int pieces)
    {
        var size = x.shape[0] / pieces;
        for (var i = 0; i < pieces; i++)
        {
            using var scope = NewDisposeScope();
            var value = Loss(model.call(x.narrow(0, i * size, size)), y.narrow(0, i * size, size));
            autograd.backward(value, value.detach().full_like(1.0 / pieces));
        }
    }

    /// <summary>What the model's segments cost on one thread, for a micro-batch.</summary>
    public ModelProfile Profile(TModel model, Tensor x, Tensor y, bool tuneAllocator = true)
    {
        var size = x.shape[0] / MicroBatches;
        return PipelineProfiler.Measure(
            model, x.narrow(0, 0, size), y.narrow(0, 0, size), Loss, new ProfilerOptions { IntraOpThreads = 1, TuneAllocator = tuneAllocator });
    }
}
