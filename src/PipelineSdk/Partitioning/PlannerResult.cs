using System.Globalization;
using System.Text;

namespace PipelineSdk.Partitioning;

/// <summary>What <see cref="PipelinePlanner"/> found.</summary>
/// <param name="Candidates">The plans that work, fastest first; of equally fast ones that of the least memory, then of the fewest
/// workers and stages.</param>
/// <param name="Rejected">The combinations that do not work.</param>
public sealed record PlannerResult(IReadOnlyList<PlanCandidate> Candidates, IReadOnlyList<PlanRejection> Rejected)
{
    private static readonly string[] Header =
        ["", "schedule", "workers", "stages", "micro-batches", "step", "speed-up", "bubble", "peak MiB", "what keeps it"];

    /// <summary>The fastest plan.</summary>
    /// <exception cref="PartitionException">No combination works; the message gives the reasons.</exception>
    public PipelinePlan Best => Candidates.Count > 0 ? Candidates[0].Plan : throw new PartitionException(
        "No combination of schedule, stages and micro-batches works. "
        + string.Join(" ", Rejected.GroupBy(rejection => rejection.Reason).OrderByDescending(group => group.Count()).Take(3).Select(group => group.Key)));

    /// <summary>The ranked table.</summary>
    /// <param name="rows">The most plans to show.</param>
    public string ToTable(int rows = 20)
    {
        var table = new List<string[]> { Header };
        for (int i = 0; i < Math.Min(rows, Candidates.Count); i++)
        {
            var (plan, simulation, speedUp, reason) = Candidates[i];
            table.Add(
            [
                Text(i + 1), plan.Schedule.Name, Text(plan.Shape.Workers), Text(plan.Shape.Stages), Text(plan.Shape.MicroBatches),
                Text(simulation.Makespan, "0.###") + " " + plan.Profile.Unit, Text(speedUp, "0.00"), Text(100 * simulation.FlushBubbleFraction, "0.0") + " %",
                Text(simulation.PeakBytes.Max() / 1048576.0, "0.0"), reason,
            ]);
        }

        var widths = Enumerable.Range(0, table[0].Length).Select(column => table.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (string[] row in table)
        {
            text.Append(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
