using System.Diagnostics;
using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PipelineSdk.Benchmarks;

/// <summary>The same measurements in some seconds: medians over a hundred edits, when the code is warm as it is in an editor, without a harness.</summary>
internal static class QuickRun
{
    private const int WarmUp = 200;
    private const int Edits = 100;

    public static void Run()
    {
        var project = new ModelProject();
        var driver = ModelProject.NewDriver().RunGenerators(project.Compilation);
        var files = driver.GetRunResult().GeneratedTrees.Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ModelProject.Models} models, {files} files"));
        Write("cold run", Measure(20, 10, project.Fresh, compilation => ModelProject.NewDriver().RunGenerators(compilation)));
        Write("edit of one forward", Measure(WarmUp, Edits, project.EditForward, compilation => driver = driver.RunGenerators(compilation)));
        Write("edit elsewhere", Measure(WarmUp, Edits, project.EditElsewhere, compilation => driver = driver.RunGenerators(compilation)));
    }

    private static List<(double Wall, double Processor)> Measure(int warmUp, int runs, Func<CSharpCompilation> prepare, Func<CSharpCompilation, GeneratorDriver> run)
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
