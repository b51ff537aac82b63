using System.Diagnostics;
using System.Text.Json;
using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Something that may make a pipeline faster, switched on or off; measured in processes of their own, in turns.</summary>
/// <param name="Name">What is switched.</param>
/// <param name="Environment">Variables of the process; an empty value removes one.</param>
/// <param name="Pin">Whether workers have cores of their own.</param>
/// <param name="TuneAllocator">Whether the C library's allocator is told to keep large blocks.</param>
internal sealed record Lever(string Name, IReadOnlyDictionary<string, string> Environment, bool Pin = true, bool TuneAllocator = true)
{
    /// <summary>The argument with which the program measures one.</summary>
    public const string Argument = "--lever-of";

    private const int Rounds = 3;

    private static readonly Dictionary<string, string> AsIs = new() { ["OPENBLAS_NUM_THREADS"] = "1", ["GLIBC_TUNABLES"] = "" };

    private static readonly string? Jemalloc = Directory.Exists("/usr/lib")
        ? Directory.EnumerateFiles("/usr/lib", "libjemalloc.so.2", SearchOption.AllDirectories).FirstOrDefault()
        : null;

    /// <summary>The first is what the pipeline does by itself; each other differs from it in one thing.</summary>
    private static IEnumerable<Lever> All()
    {
        yield return new("allocator tuned, pinned", AsIs);
        yield return new("not pinned", AsIs, Pin: false);
        yield return new("allocator not tuned", AsIs, TuneAllocator: false);
        yield return new("huge pages for malloc", new Dictionary<string, string>(AsIs) { ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=1" });
        if (Jemalloc is not null) yield return new("jemalloc", new Dictionary<string, string>(AsIs) { ["LD_PRELOAD"] = Jemalloc, ["MALLOC_CONF"] = "dirty_decay_ms:-1,muzzy_decay_ms:-1" });
    }

    /// <summary>Measures them all on one workload: median seconds of a step through two stages, and of one thread with the same micro-batches.</summary>
    public static IEnumerable<(string Name, double Pipeline, double OneThread)> Measure(string workload)
    {
        var levers = All().ToList();
        var times = levers.ToDictionary(lever => lever, _ => new List<double[]>());
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var lever in levers) times[lever].Add(lever.Run(workload));
        }

        return levers.Select(lever => (lever.Name, Median(lever, 0), Median(lever, 1)));

        double Median(Lever lever, int which) => Comparison.Median([.. times[lever].Select(pair => pair[which])]);
    }

    /// <summary>Measures one in this process, which has its environment.</summary>
    public static double[] Of<TModel>(Workload<TModel> work, bool pin, bool tune)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        var (x, y) = work.Batch();
        using var model = work.Model();
        var size = x.shape[0] / work.MicroBatches;
        var profile = PipelineProfiler.Measure(
            model, x.narrow(0, 0, size), y.narrow(0, 0, size), work.Loss, new ProfilerOptions { IntraOpThreads = 1, TuneAllocator = tune });
        var plan = PipelinePlanner.Plan(
            profile, new PlannerOptions(work.Samples, 2), PipelineSchedule.OneForwardOneBackward, new ScheduleShape(2, 2, work.MicroBatches));
        using var pipeline = PipelineSdk.Pipeline.Create(model, new PipelineOptions { Plan = plan, IntraOpThreads = 1, PinThreads = pin, TuneAllocator = tune });
        using var pipelined = new Pipelined("pipeline", () => pipeline.TrainStep(x, y, work.Loss), pipeline);
        using var one = new Uncut("one thread", 1, () => Comparison.Step(model, x, y, work.Loss, work.MicroBatches));
        pipelined.Run(2);
        one.Run(2);
        var (first, second) = (new List<double>(), new List<double>());
        for (var round = 0; round < 3; round++)
        {
            first.AddRange(pipelined.Run(3));
            second.AddRange(one.Run(3));
        }

        return [Comparison.Median(first), Comparison.Median(second)];
    }

    private double[] Run(string workload)
    {
        var start = new ProcessStartInfo(System.Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var argument in new[] { typeof(Lever).Assembly.Location, Argument, workload, Pin.ToString(), TuneAllocator.ToString() }) start.ArgumentList.Add(argument);
        foreach (var (name, value) in Environment)
        {
            if (value.Length == 0) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var line = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return JsonSerializer.Deserialize<double[]>(line)!;
    }
}
