using Spectre.Console;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>The speed suite: tables on the console; CSV and SVG beside everything else that is built.</summary>
internal static class SpeedRun
{
    // The minutes that they take on two cores.
    private static readonly IReadOnlyList<(IWorkload Work, double Minutes)> Works =
        [(Workloads.ResNet512, 10), (Workloads.ResNet128, 3), (Workloads.FourHeads, 2), (Workloads.EightHeads, 2), (Workloads.Mlp, 2)];

    // Both transformers hold the same.
    private static readonly IReadOnlyList<IWorkload> InMemory = [Workloads.ResNet512, Workloads.ResNet128, Workloads.FourHeads, Workloads.Mlp];

    public static void Run(SpeedOptions options)
    {
        // Redirected output has no width of its own.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 180;
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "benchmarks"));
        Directory.CreateDirectory(folder);
        var report = new SpeedReport(folder);
        var parts = Parts(options, report).ToList();
        var progress = new SpeedProgress([.. parts.Select(part => (part.Name, part.Minutes))]);
        foreach (var part in parts)
        {
            progress.Tell(part.Name, "begins", 0);
            part.Measure((what, done) => progress.Tell(part.Name, what, done));
            progress.Tell(part.Name, "done", 1);
        }

        Console.WriteLine();
        if (parts.Any(part => part.IsWorkload)) Console.WriteLine(SpeedReport.Legend);
        Console.WriteLine($"written to {folder}");
    }

    private static IEnumerable<Part> Parts(SpeedOptions options, SpeedReport report)
    {
        if (options.Includes("overheads")) yield return new("overheads", 1, _ => report.Overheads(Overheads.Measure()));
        if (options.Includes("telemetry")) yield return new("telemetry", 0.5, _ => report.Telemetry(TelemetryRow.Measure()));
        foreach (var (work, minutes) in Works.Where(each => options.Includes(each.Work.Name)))
            yield return new(work.Name, minutes, tell => report.Speed(work.Compare(options, tell))) { IsWorkload = true };
        if (options.Includes("memory") && OperatingSystem.IsLinux()) yield return new("memory", 2.5, tell => report.Memory(MemoryRow.Measure(InMemory, tell)));
        if (options.Includes("levers"))
            yield return new("levers", 6, tell => report.Levers(Workloads.ResNet128.Name, Lever.Measure(Workloads.ResNet128, tell)));
    }

    private sealed record Part(string Name, double Minutes, Action<Action<string, double>> Measure)
    {
        public bool IsWorkload { get; init; }
    }
}
