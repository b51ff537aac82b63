using System.Globalization;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What a schedule with two workers holds on a workload. Measured in a process of its own: an allocator does not give everything back.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Schedule">The schedule.</param>
/// <param name="Recompute">Of which micro-batches the activations are not kept.</param>
/// <param name="PeakInFlight">The most micro-batches in flight, for each worker.</param>
/// <param name="ResidentMiB">The most resident memory, above that before the first step.</param>
internal sealed record MemoryRow(string Workload, string Schedule, ActivationRecompute Recompute, IReadOnlyList<int> PeakInFlight, double ResidentMiB)
{
    /// <summary>The question that <see cref="OwnProcess"/> answers with a row.</summary>
    public const string Question = "memory";

    private static readonly IReadOnlyList<(string Schedule, ActivationRecompute Recompute)> Ways =
    [
        .. from schedule in new[] { ScheduleNames.GPipe, ScheduleNames.OneForwardOneBackward }
           from recompute in Enum.GetValues<ActivationRecompute>()
           select (schedule, recompute),
        (ScheduleNames.ZeroBubbleH1, ActivationRecompute.Never),
    ];

    /// <summary>Measures workloads.</summary>
    /// <param name="works">The workloads.</param>
    /// <param name="report">Told what is being done, and how much of all has been, 0 to 1.</param>
    public static IEnumerable<MemoryRow> Measure(IReadOnlyList<IWorkload> works, Action<string, double> report)
    {
        var questions = works.SelectMany(work => Ways.Select(way => (work.Name, way.Schedule, way.Recompute))).ToList();
        foreach (var (index, (work, schedule, recompute)) in questions.Index())
        {
            report($"{work}, {schedule}, recompute {recompute}", index / (double)questions.Count);
            yield return OwnProcess.Ask<MemoryRow>(Question, [work, schedule, recompute]);
        }
    }

    /// <summary>Measures one row in this process.</summary>
    public static MemoryRow Of<TModel>(Workload<TModel> work, string schedule, ActivationRecompute recompute)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        using var scope = NewDisposeScope();
        var (x, y) = work.Batch();
        using var model = work.Model();
        using var pipeline = PipelineSdk.Pipeline.Create(
            model, new PipelineOptions { Schedule = ScheduleCatalog.Get(schedule), Stages = 2, MicroBatches = work.MicroBatches, Recompute = recompute });
        var before = Status("VmRSS");
        var timeline = pipeline.TrainStep(x, y, work.Loss).Timeline;
        pipeline.TrainStep(x, y, work.Loss);
        return new MemoryRow(
            work.Name, schedule, recompute, [.. Enumerable.Range(0, 2).Select(worker => timeline.InFlightOf(worker).Max(sample => sample.Count))],
            (Status("VmHWM") - before) / 1024.0);
    }

    private static long Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
