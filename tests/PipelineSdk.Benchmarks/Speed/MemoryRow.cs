using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What a schedule with two workers holds on a workload. Measured in a process of its own: an allocator does not give everything back.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Schedule">The schedule.</param>
/// <param name="PeakInFlight">The most micro-batches in flight, for each worker.</param>
/// <param name="ResidentMiB">The most resident memory, above that before the first step.</param>
internal sealed record MemoryRow(string Workload, string Schedule, IReadOnlyList<int> PeakInFlight, double ResidentMiB)
{
    /// <summary>The argument with which the program measures one row.</summary>
    public const string Argument = "--memory-of";

    /// <summary>Measures a workload under each of the schedules that have two stages on two workers.</summary>
    public static IEnumerable<MemoryRow> Measure(IWorkload work, IEnumerable<string> schedules)
    {
        foreach (var schedule in schedules)
        {
            if (ScheduleCatalog.Get(schedule).WhyNot(new ScheduleShape(2, 2, 8)) is not null) continue;
            var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
            foreach (var argument in new[] { typeof(MemoryRow).Assembly.Location, Argument, work.Name, schedule }) start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var line = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode == 0) yield return JsonSerializer.Deserialize<MemoryRow>(line)!;
            else Console.WriteLine($"memory of {work.Name} under {schedule}: exit code {process.ExitCode}");
        }
    }

    /// <summary>Measures one row in this process.</summary>
    public static MemoryRow Of<TModel>(Workload<TModel> work, string schedule)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        using var scope = NewDisposeScope();
        var (x, y) = work.Batch();
        using var model = work.Model();
        using var pipeline = PipelineSdk.Pipeline.Create(
            model, new PipelineOptions { Schedule = ScheduleCatalog.Get(schedule), Stages = 2, MicroBatches = work.MicroBatches });
        var before = Status("VmRSS");
        var timeline = pipeline.TrainStep(x, y, work.Loss).Timeline;
        pipeline.TrainStep(x, y, work.Loss);
        return new MemoryRow(
            work.Name, schedule, [.. Enumerable.Range(0, 2).Select(worker => timeline.InFlightOf(worker).Max(sample => sample.Count))],
            (Status("VmHWM") - before) / 1024.0);
    }

    private static long Status(string name)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
