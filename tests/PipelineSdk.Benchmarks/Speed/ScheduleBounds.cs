using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What plans allow over one thread, simulated with what their stages take one after another, when nothing else runs.</summary>
internal sealed class ScheduleBounds<TModel>(Workload<TModel> work, TModel model, Tensor x, Tensor y)
    where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
{
    private const int Steps = 4;

    // Schedules often share a cut.
    private readonly Dictionary<string, IReadOnlyList<StageCosts>> costsOfCuts = [];

    /// <summary>The bound of a plan: no more than there are cores.</summary>
    public double Of(PipelinePlan plan)
    {
        var cut = string.Join(' ', plan.Stages.Select(stage => stage.Start));
        if (!costsOfCuts.TryGetValue(cut, out var costs)) costsOfCuts[cut] = costs = Measure(plan);
        var oneThread = costs.Sum(stage => work.MicroBatches * (stage.Forward + stage.Backward));
        return Math.Min(Environment.ProcessorCount, oneThread / ScheduleSimulator.Run(plan.Schedule.Build(plan.Shape), new ScheduleCosts(costs)).Makespan);
    }

    private IReadOnlyList<StageCosts> Measure(PipelinePlan plan)
    {
        var alone = new PipelinePlan(
            plan.Profile, ScheduleNames.Sequential, plan.Shape.MicroBatches, [.. plan.Stages.Select(stage => stage with { Worker = 0 })],
            new PlanPrediction(0, 0, [0]));
        using var pipeline = PipelineSdk.Pipeline.Create(model, new PipelineOptions { Plan = alone, IntraOpThreads = 1 });
        pipeline.TrainStep(x, y, work.Loss);
        var actions = Enumerable.Range(0, Steps).SelectMany(_ => pipeline.TrainStep(x, y, work.Loss).Timeline.Actions).ToList();
        return [.. Enumerable.Range(0, alone.Shape.Stages).Select(stage =>
        {
            var backward = MedianOf(stage, ActionKind.Backward);
            // Halves of a split backward: as the profile has them, of the time measured here.
            return new StageCosts(MedianOf(stage, ActionKind.Forward), backward / 2, backward / 2) { Backward = backward };
        })];

        double MedianOf(int stage, ActionKind kind) => Statistics.Median([.. actions
            .Where(record => record.Action.Stage == stage && record.Action.Kind == kind)
            .Select(record => (record.End - record.Start).TotalSeconds)]);
    }
}
