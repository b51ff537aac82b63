using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Everybody's times on one workload.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Samples">Samples in a batch.</param>
/// <param name="Rows">One per contender.</param>
internal sealed record Comparison(string Workload, int Samples, IReadOnlyList<SpeedRow> Rows)
{
    private const int WarmUp = 2;
    private const int MostStepsInTurn = 8;

    // Long enough for a turn to be more than what the turn before left in caches and clocks.
    private const double SecondsOfTurn = 0.5;

    /// <summary>Measures everybody in turns, round by round, so that all see the same machine.</summary>
    /// <param name="work">The workload.</param>
    /// <param name="options">What is measured, and how often.</param>
    /// <param name="report">Told what is being done, and how much of all has been, 0 to 1.</param>
    public static Comparison Of<TModel>(Workload<TModel> work, SpeedOptions options, Action<string, double> report)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (x, y) = work.Batch();
        using var model = work.Model();
        using var peer = options.Peers ? Peer.Start(options.Python, work.Name, Environment.ProcessorCount) : null;
        var allCores = new Uncut("uncut, all cores", Environment.ProcessorCount, () => work.Step(model, x, y, 1));
        var oneThread = new Uncut("micro-batches, 1 thread", 1, () => work.Step(model, x, y, work.MicroBatches));
        report("stages measured one after another", 0);
        var pipelines = Pipelines(work, options, model, x, y).ToList();
        var copies = pipelines.Select(pipeline => CoresOf(pipeline.Workers)).Where(cores => cores > 1).Distinct().Order()
            .Select(cores => Copies.Of(work, cores)).ToList();
        List<Contender> contenders =
        [
            new Uncut("uncut, 1 thread", 1, () => work.Step(model, x, y, 1)), allCores, oneThread, .. copies, .. pipelines, .. peer is null ? [] : PeerContender.All(peer),
        ];

        report("warming up", 0.1);
        var times = contenders.ToDictionary(contender => contender, _ => new List<double>());
        foreach (var contender in contenders) contender.WarmUp(WarmUp);
        var steps = Math.Clamp((int)Math.Round(SecondsOfTurn / Statistics.Median(oneThread.Run(1))), 1, MostStepsInTurn);
        for (var round = 0; round < options.Rounds; round++)
        {
            report($"round {round + 1} of {options.Rounds}", 0.2 + (0.8 * round / options.Rounds));
            // Each round in another order: whoever follows a contender that leaves the caches or the cores warm is not always the same.
            foreach (var contender in contenders.Skip(round % contenders.Count).Concat(contenders.Take(round % contenders.Count)))
                times[contender].Add(Statistics.Median(contender.Run(steps)));
        }

        foreach (var contender in contenders) contender.Dispose();
        return new Comparison(work.Name, work.Samples, [.. contenders.Select(contender =>
            new SpeedRow(contender.Name, contender.Kind, times[contender], Ratios(oneThread, contender), Statistics.Median(Ratios(allCores, contender))) { Limits = LimitsOf(contender) })]);

        IReadOnlyList<double> Ratios(Contender reference, Contender contender) => [.. times[reference].Zip(times[contender], (of, time) => of / time)];

        PipelineLimits? LimitsOf(Contender contender)
        {
            if (contender is not Pipelined pipeline) return null;
            var cores = CoresOf(pipeline.Workers);
            var ceiling = cores == 1 ? 1 : Statistics.Median(Ratios(oneThread, copies.First(candidate => candidate.Count == cores)));
            return new PipelineLimits(pipeline.Workers, cores, pipeline.Bound, ceiling, pipeline.OfOwnBound);
        }
    }

    private static int CoresOf(int workers) => Math.Min(workers, Environment.ProcessorCount);

    private static IEnumerable<Pipelined> Pipelines<TModel>(Workload<TModel> work, SpeedOptions options, TModel model, Tensor x, Tensor y)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        var profile = work.Profile(model, x, y);
        var bounds = new ScheduleBounds<TModel>(work, model, x, y);
        foreach (var workers in options.Workers)
        {
            foreach (var schedule in options.SchedulesOf(workers).Select(ScheduleCatalog.Get))
            {
                if (ShapeOf(schedule, workers, work.MicroBatches, profile.Segments.Count) is not { } shape) continue;
                var plan = PipelinePlanner.Plan(profile, new PlannerOptions(work.Samples, workers), schedule, shape);
                var pipeline = PipelineSdk.Pipeline.Create(model, new PipelineOptions { Plan = plan, IntraOpThreads = 1 });
                yield return new Pipelined(NameOf(schedule, shape), () => pipeline.TrainStep(x, y, work.Loss).Timeline, pipeline) { Workers = workers, Bound = bounds.Of(plan) };
            }
        }
    }

    /// <summary>As many stages per worker as the schedule is made for: two where one is not allowed, or makes another schedule of it. Null where it can't be.</summary>
    private static ScheduleShape? ShapeOf(PipelineSchedule schedule, int workers, int microBatches, int segments)
        => new[] { workers, 2 * workers }.Select(stages => new ScheduleShape(workers, stages, microBatches))
            .FirstOrDefault(shape => shape.Stages <= segments && schedule.WhyNot(shape) is null
                && !(schedule.Name.StartsWith("Interleaved", StringComparison.Ordinal) && shape.Stages == workers));

    private static string NameOf(PipelineSchedule schedule, ScheduleShape shape)
        => $"pipeline, {schedule.Name}, {shape.Workers} worker{(shape.Workers == 1 ? "" : "s")}{(shape.Stages == shape.Workers ? "" : $", {shape.Stages} stages")}";
}
