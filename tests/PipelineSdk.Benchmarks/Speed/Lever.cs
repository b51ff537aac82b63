using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Something that may make a pipeline faster, switched on or off; measured in processes of their own, in turns.</summary>
/// <param name="Name">What is switched.</param>
/// <param name="Settings">How the pipeline is run.</param>
/// <param name="Environment">Variables of the process; an empty value removes one.</param>
internal sealed record Lever(string Name, LeverSettings Settings, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The question that <see cref="OwnProcess"/> answers with the seconds of a step, of a pipeline and of one thread.</summary>
    public const string Question = "lever";

    private const int Rounds = 3;

    private static readonly LeverSettings Defaults = new();

    private static readonly Dictionary<string, string> AsIs = new() { ["OPENBLAS_NUM_THREADS"] = "1", ["GLIBC_TUNABLES"] = "" };

    private static readonly string? Jemalloc = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libjemalloc.so.2", SearchOption.AllDirectories).FirstOrDefault()
        : null;

    /// <summary>Measures them all on one workload.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="report">Told what is being done, and how much of all has been, 0 to 1.</param>
    public static IReadOnlyList<LeverRow> Measure(IWorkload workload, Action<string, double> report)
    {
        var levers = All().ToList();
        var times = levers.ToDictionary(lever => lever, _ => new List<double[]>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (index, lever) in levers.Index())
            {
                report($"{lever.Name}, round {round + 1} of {Rounds}", ((round * levers.Count) + index) / (double)(Rounds * levers.Count));
                times[lever].Add(OwnProcess.Ask<double[]>(Question, [workload.Name, lever.Settings], lever.Environment));
            }
        }

        return [.. levers.Select(lever => new LeverRow(workload.Name, lever.Name, MedianOf(lever, 0), MedianOf(lever, 1)))];

        double MedianOf(Lever lever, int which) => Statistics.Median([.. times[lever].Select(pair => pair[which])]);
    }

    /// <summary>Measures one in this process, which has its environment.</summary>
    public static double[] Of<TModel>(Workload<TModel> work, LeverSettings settings)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (x, y) = work.Batch();
        using var model = work.Model();
        var pipeline = work.TwoWorkers(model, x, y, settings);
        using var pipelined = new Pipelined("pipeline", () => pipeline.TrainStep(x, y, work.Loss).Timeline, pipeline);
        using var one = new Uncut("one thread", 1, () => work.Step(model, x, y, work.MicroBatches));
        pipelined.WarmUp(2);
        one.WarmUp(2);
        var (first, second) = (new List<double>(), new List<double>());
        for (var round = 0; round < 3; round++)
        {
            first.AddRange(pipelined.Run(3));
            second.AddRange(one.Run(3));
        }

        return [Statistics.Median(first), Statistics.Median(second)];
    }

    /// <summary>The first is what the pipeline does by itself; each other differs from it in one thing.</summary>
    private static IEnumerable<Lever> All()
    {
        yield return new("as by default: allocator tuned, pinned, one thread a worker, spins then blocks", Defaults, AsIs);
        yield return new("not pinned", Defaults with { Pin = false }, AsIs);
        yield return new("2 intra-op threads a worker", Defaults with { IntraOpThreads = 2 }, AsIs);
        yield return new("links block at once", Defaults with { Spin = false }, AsIs);
        yield return new("allocator not tuned", Defaults with { TuneAllocator = false }, AsIs);
        yield return new("huge pages for malloc", Defaults, new Dictionary<string, string>(AsIs) { ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1" });
        if (Jemalloc is not null)
            yield return new("jemalloc", Defaults, new Dictionary<string, string>(AsIs) { ["LD_PRELOAD"] = Jemalloc, ["MALLOC_CONF"] = "dirty_decay_ms:-1,muzzy_decay_ms:-1" });
    }
}
