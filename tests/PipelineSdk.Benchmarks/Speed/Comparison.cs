using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Everybody's times on one workload.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Samples">Samples in a batch.</param>
/// <param name="Rows">One per contender, in the order measured.</param>
internal sealed record Comparison(string Workload, int Samples, IReadOnlyList<SpeedRow> Rows)
{
    private const string OneThread = "micro-batches, 1 thread";

    /// <summary>Measures everybody in turns, round by round, so that all see the same machine.</summary>
    public static Comparison Of<TModel>(Workload<TModel> work, SpeedOptions options)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (x, y) = work.Batch();
        using var model = work.Model();
        using var peer = options.Peers ? Peer.Start(options.Python, work.Name, Environment.ProcessorCount) : null;
        List<Contender> contenders =
        [
            new Uncut("uncut, 1 thread", 1, () => Step(model, x, y, work.Loss, 1)),
            new Uncut("uncut, all cores", Environment.ProcessorCount, () => Step(model, x, y, work.Loss, 1)),
            new Uncut(OneThread, 1, () => Step(model, x, y, work.Loss, work.MicroBatches)),
        ];
        var bounds = new Dictionary<string, double>();
        var profile = Profile(work, model, x, y);
        foreach (var stages in options.Stages)
        {
            foreach (var name in options.Schedules)
            {
                if (Pipeline(work, model, profile, ScheduleCatalog.Get(name), stages, x, y, bounds) is { } pipelined) contenders.Add(pipelined);
            }
        }

        if (peer is not null)
        {
            contenders.Add(new PeerContender("PyTorch, 1 thread", peer, "one"));
            contenders.Add(new PeerContender("PyTorch, all cores", peer, "all"));
            contenders.Add(new PeerContender("PyTorch, 2 processes, gloo 1F1B", peer, "gloo"));
            contenders.Add(new PeerContender("PyTorch, 2 processes, queues 1F1B", peer, "queue"));
        }

        var times = contenders.ToDictionary(contender => contender, _ => new List<double>());
        foreach (var contender in contenders) contender.Run(2);
        for (var round = 0; round < options.Rounds; round++)
        {
            // Each round in another order: whoever follows a contender that leaves the caches or the cores warm is not always the same.
            foreach (var contender in contenders.Skip(round % contenders.Count).Concat(contenders.Take(round % contenders.Count)))
                times[contender].Add(Median(contender.Run(options.Steps)));
        }

        foreach (var contender in contenders) contender.Dispose();
        var one = times[contenders.First(contender => contender.Name == OneThread)];
        return new Comparison(work.Name, work.Samples, [.. contenders.Select(contender => new SpeedRow(
            contender.Name,
            Median(times[contender]),
            Median([.. one.Zip(times[contender], (reference, time) => reference / time)]),
            Median([.. times[contenders[1]].Zip(times[contender], (all, time) => all / time)]),
            bounds.TryGetValue(contender.Name, out var bound) ? bound : null,
            [.. times[contender]]))]);
    }

    internal static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static ModelProfile Profile<TModel>(Workload<TModel> work, TModel model, Tensor x, Tensor y)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        var size = x.shape[0] / work.MicroBatches;
        return PipelineProfiler.Measure(
            model, x.narrow(0, 0, size), y.narrow(0, 0, size), work.Loss, new ProfilerOptions { IntraOpThreads = 1 });
    }

    private static Pipelined? Pipeline<TModel>(
        Workload<TModel> work, TModel model, ModelProfile profile, PipelineSchedule schedule, int workers, Tensor x, Tensor y, Dictionary<string, double> bounds)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        // As many stages per worker as the schedule is made for: two where one is not allowed.
        var shape = new[] { workers, 2 * workers }.Select(stages => new ScheduleShape(workers, stages, work.MicroBatches))
            .FirstOrDefault(candidate => candidate.Stages <= profile.Segments.Count && schedule.WhyNot(candidate) is null
                && !(schedule.Name.StartsWith("Interleaved", StringComparison.Ordinal) && candidate.Stages == workers));
        if (shape is null) return null;
        var plan = PipelinePlanner.Plan(profile, new PlannerOptions(work.Samples, workers), schedule, shape);
        var pipeline = PipelineSdk.Pipeline.Create(model, new PipelineOptions { Plan = plan, IntraOpThreads = Math.Max(1, Environment.ProcessorCount / workers) });
        var name = $"pipeline, {schedule.Name}, {shape.Workers} worker{(shape.Workers == 1 ? "" : "s")}{(shape.Stages == shape.Workers ? "" : $", {shape.Stages} stages")}";
        var costs = StageCostsOf(work, model, plan, x, y);
        bounds[name] = costs.Sum(stage => work.MicroBatches * (stage.Forward + stage.Backward))
            / ScheduleSimulator.Run(schedule.Build(shape), new ScheduleCosts(costs)).Makespan;
        return new Pipelined(name, () => pipeline.TrainStep(x, y, work.Loss), pipeline);
    }

    /// <summary>What the stages of a plan take one after another, on one worker: nothing else runs meanwhile.</summary>
    private static IReadOnlyList<StageCosts> StageCostsOf<TModel>(Workload<TModel> work, TModel model, PipelinePlan plan, Tensor x, Tensor y)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        var alone = new PipelinePlan(
            plan.Profile, ScheduleNames.Sequential, plan.Shape.MicroBatches, [.. plan.Stages.Select(stage => stage with { Worker = 0 })],
            new PlanPrediction(0, 0, [0]));
        using var pipeline = PipelineSdk.Pipeline.Create(model, new PipelineOptions { Plan = alone, IntraOpThreads = 1 });
        pipeline.TrainStep(x, y, work.Loss);
        var steps = Enumerable.Range(0, 5).Select(_ => pipeline.TrainStep(x, y, work.Loss).Timeline).ToList();
        return [.. Enumerable.Range(0, alone.Shape.Stages).Select(stage =>
        {
            var forward = Of(stage, ActionKind.Forward);
            var backward = Of(stage, ActionKind.Backward);
            // Halves of a split backward: as the profile has them, of the time measured here.
            return new StageCosts(forward, backward / 2, backward / 2) { Backward = backward };
        })];

        double Of(int stage, ActionKind kind) => Median([.. steps.SelectMany(step => step.Actions)
            .Where(record => record.Action.Stage == stage && record.Action.Kind == kind)
            .Select(record => (record.End - record.Start).TotalSeconds)]);
    }

    internal static void Step(nn.Module<Tensor, Tensor> model, Tensor x, Tensor y, Func<Tensor, Tensor, Tensor> loss, int microBatches)
    {
        var size = x.shape[0] / microBatches;
        for (var i = 0; i < microBatches; i++)
        {
            using var scope = NewDisposeScope();
            var value = loss(model.call(x.narrow(0, i * size, size)), y.narrow(0, i * size, size));
            autograd.backward(value, value.detach().full_like(1.0 / microBatches));
        }
    }
}
