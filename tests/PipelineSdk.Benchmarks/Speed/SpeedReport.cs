using System.Globalization;
using Spectre.Console;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Writes what was measured: a table for people, CSV for machines.</summary>
internal static class SpeedReport
{
    public static void Print(Comparison comparison)
    {
        var table = new Table().Title(Markup.Escape(comparison.Workload)).Border(TableBorder.Rounded);
        table.AddColumn("");
        foreach (var column in new[] { "ms/step", "samples/s", "over 1 thread", "over all cores", "bound", "efficiency", "min..max ms" }) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var row in comparison.Rows)
        {
            table.AddRow(
                Markup.Escape(row.Name), Text(1000 * row.Seconds, "0.0"), Text(comparison.Samples / row.Seconds, "0.0"), Text(row.OverOneThread, "0.00"),
                Text(row.OverAllCores, "0.00"), Text(row.Bound, "0.00"), Text(row.Efficiency, "0.00"),
                $"{Text(1000 * row.Rounds.Min(), "0")}..{Text(1000 * row.Rounds.Max(), "0")}");
        }

        AnsiConsole.Write(table);
    }

    public static void WriteCsv(string path, IEnumerable<Comparison> comparisons)
    {
        var lines = comparisons.SelectMany(comparison => comparison.Rows.SelectMany(row => row.Rounds.Select((seconds, round) => string.Join(
            ',', comparison.Workload, $"\"{row.Name}\"", Text(round, "0"), Text(seconds, "R"), Text(comparison.Samples / seconds, "R"), Text(row.Bound, "R")))));
        File.WriteAllLines(path, lines.Prepend("workload,contender,round,seconds_per_step,samples_per_second,bound_over_one_thread"));
    }

    public static string Text(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
