using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;

namespace PipelineSdk.Benchmarks;

/// <summary>The same measurements in some seconds: medians over a hundred edits, when the code is warm as it is in an editor, without a harness.</summary>
internal static class QuickRun
{
    private const int WarmUp = 200;
    private const int Edits = 100;

    public static void Run()
    {
        Generator();
        Planning();
        Telemetry();
    }

    /// <summary>Nanoseconds and bytes per action, for everyone who may listen.</summary>
    public static void Telemetry()
    {
        foreach (var audience in Enum.GetValues<TelemetryBenchmarks.Audience>())
        {
            var (record, publish) = Telemetry(audience);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"telemetry heard by {audience,-16} record {record.Nanoseconds,7:F1} ns, {record.Bytes,6:F1} B; "
                + $"publish {publish.Nanoseconds,7:F1} ns, {publish.Bytes,6:F1} B per action"));
        }
    }

    /// <summary>What recording costs the worker and publishing the caller, per action.</summary>
    public static ((double Nanoseconds, double Bytes) Record, (double Nanoseconds, double Bytes) Publish) Telemetry(TelemetryBenchmarks.Audience audience)
    {
        var benchmarks = new TelemetryBenchmarks { Listening = audience };
        benchmarks.Listen();
        try
        {
            return (PerAction(benchmarks.Record), PerAction(benchmarks.Publish));
        }
        finally
        {
            benchmarks.Leave();
        }
    }

    // The fastest of many short runs: what others do on the machine only ever adds.
    private static (double Nanoseconds, double Bytes) PerAction(Action step)
    {
        const int Runs = 200, Steps = 50;
        for (var i = 0; i < 2_000; i++) step();
        var fastest = double.MaxValue;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < Runs; run++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Steps; i++) step();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return (fastest / (Steps * TelemetryBenchmarks.Actions), bytes / ((double)Runs * Steps * TelemetryBenchmarks.Actions));
    }

    private static void Generator()
    {
        var project = new ModelProject();
        var driver = ModelProject.NewDriver().RunGenerators(project.Compilation);
        var files = driver.GetRunResult().GeneratedTrees.Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ModelProject.Models} models, {files} files"));
        Write("cold run", Measure(20, 10, project.Fresh, compilation => ModelProject.NewDriver().RunGenerators(compilation)));
        Write("edit of one forward", Measure(WarmUp, Edits, project.EditForward, compilation => driver = driver.RunGenerators(compilation)));
        Write("  of which compiler", Measure(WarmUp, Edits, project.EditForward, compilation => ModelProject.Bind(compilation, project.Edited)));
        Write("edit elsewhere", Measure(WarmUp, Edits, project.EditElsewhere, compilation => driver = driver.RunGenerators(compilation)));
    }

    // Once each, after a small one that compiles the code.
    private static void Planning()
    {
        foreach (var schedule in PlanningBenchmarks.Schedules)
        {
            var shape = PlanningBenchmarks.ShapeOf(schedule);
            foreach (var (micro, show) in new[] { (shape.MicroBatches / 16, false), (shape.MicroBatches, true) })
            {
                ScheduleProgram program = null!;
                var build = Time(() => program = schedule.Build(shape with { MicroBatches = micro }));
                var prove = Time(() => ScheduleCheck.Verify(program));
                var simulate = Time(() => ScheduleSimulator.Run(program, ScheduleCosts.Equal(shape.Stages, new StageCosts(1, 1, 1))));
                if (!show) continue;
                var actions = program.Workers.Sum(worker => worker.Count);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{schedule.Name,-20} {actions,9:N0} actions: build {build,7:F0} ms, proof {prove,7:F0} ms, simulation {simulate,7:F0} ms"));
            }
        }

        foreach (var stages in new[] { 2, 16 })
        {
            var solve = Time(() => Partitioner.Solve(PlanningBenchmarks.Segments, new PartitionOptions(stages)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"partition of {PlanningBenchmarks.Segments.Count:N0} segments into {stages,2} stages: {solve:F0} ms"));
        }
    }

    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static List<(double Wall, double Processor)> Measure(int warmUp, int runs, Func<CSharpCompilation> prepare, Func<CSharpCompilation, object> run)
    {
        using var process = Process.GetCurrentProcess();
        var times = new List<(double Wall, double Processor)>();
        for (var i = 0; i < warmUp + runs; i++)
        {
            var compilation = prepare();
            process.Refresh();
            var (processor, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
            run(compilation);
            var wall = Stopwatch.GetElapsedTime(start);
            process.Refresh();
            if (i >= warmUp) times.Add((wall.TotalMilliseconds, (process.TotalProcessorTime - processor).TotalMilliseconds));
        }

        return times;
    }

    // On a busy machine the processor time says more than the clock.
    private static void Write(string name, List<(double Wall, double Processor)> times) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-20} median {Median(times.Select(time => time.Wall)),8:F2} ms, processor {Median(times.Select(time => time.Processor)),8:F2} ms, {times.Count} runs"));

    private static double Median(IEnumerable<double> times) => times.Order().ElementAt(times.Count() / 2);
}
