using Spectre.Console;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>The speed suite: tables on the console, CSV and SVG beside everything else that is built.</summary>
internal static class SpeedRun
{
    public static void Run(string[] args)
    {
        if (args is [MemoryRow.Argument, var name, var schedule])
        {
            Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(Workloads.All.First(work => work.Name == name).Memory(schedule)));
            return;
        }

        if (args is [Lever.Argument, var of, var pin, var tune])
        {
            Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(Workloads.All.First(work => work.Name == of).Lever(bool.Parse(pin), bool.Parse(tune))));
            return;
        }

        // Redirected output has no width of its own.
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 150;
        var quick = args.Contains("--short");
        var only = args.SkipWhile(arg => arg != "--only").Skip(1).FirstOrDefault();
        var options = new SpeedOptions(
            Rounds: quick ? 4 : 10, Steps: quick ? 2 : 4, Stages: quick ? [2] : [1, 2, 3, 4],
            Schedules: quick ? ["1F1B", "ZB-H1"] : ["GPipe", "1F1B", "Interleaved1F1B", "ZB-H1"],
            Peers: !args.Contains("--no-peers"), Python: Environment.GetEnvironmentVariable("PIPELINESDK_PYTHON") ?? "/usr/bin/python3");
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "benchmarks"));
        Directory.CreateDirectory(folder);

        if (only is null or "overheads")
        {
            var table = new Table().Title("the pipeline's own cost").Border(TableBorder.Rounded).AddColumns("", "");
            foreach (var (what, figure) in Overheads.Measure()) table.AddRow(Markup.Escape(what), Markup.Escape(figure));
            AnsiConsole.Write(table);
        }

        var comparisons = new List<Comparison>();
        foreach (var work in Workloads.All.Where(work => only is null || work.Name.StartsWith(only, StringComparison.Ordinal)))
        {
            comparisons.Add(work.Compare(options));
            SpeedReport.Print(comparisons[^1]);
            SpeedReport.WriteCsv(Path.Combine(folder, "speed.csv"), comparisons);
            SpeedSvg.Write(Path.Combine(folder, "speed.svg"), comparisons);
        }

        if (only is null or "memory" && OperatingSystem.IsLinux())
        {
            var table = new Table().Title("memory, two stages").Border(TableBorder.Rounded).AddColumns("", "schedule", "micro-batches in flight", "resident, MiB");
            foreach (var row in Workloads.All.SelectMany(work => MemoryRow.Measure(work, ["GPipe", "1F1B", "ZB-H1"])))
                table.AddRow(row.Workload, row.Schedule, string.Join(" | ", row.PeakInFlight), SpeedReport.Text(row.ResidentMiB, "0"));
            AnsiConsole.Write(table);
        }

        if (only is null or "levers")
        {
            foreach (var work in new[] { "resnet20-128/16", "mlp-16x512" })
            {
                var table = new Table().Title($"what helps: {work}, 1F1B on 2 workers").Border(TableBorder.Rounded).AddColumns("", "pipeline, ms", "one thread, ms", "ratio");
                foreach (var (lever, pipeline, one) in Lever.Measure(work))
                    table.AddRow(lever, SpeedReport.Text(1000 * pipeline, "0.0"), SpeedReport.Text(1000 * one, "0.0"), SpeedReport.Text(one / pipeline, "0.00"));
                AnsiConsole.Write(table);
            }
        }

        Console.WriteLine($"written to {folder}: speed.csv, speed.svg");
    }
}
