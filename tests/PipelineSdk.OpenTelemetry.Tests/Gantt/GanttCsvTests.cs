using System.Globalization;
using System.Text;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using static PipelineSdk.OpenTelemetry.Tests.Support.Timelines;

namespace PipelineSdk.OpenTelemetry.Tests.Gantt;

public sealed class GanttCsvTests
{
    [Fact]
    public void Every_action_is_a_row_with_its_exact_times()
    {
        var step = Simulate(PipelineSchedule.OneForwardOneBackward, workers: 3, microBatches: 5, latency: 0.25, step: 7);

        var rows = Rows(Write([step], dropped: 4));

        Assert.Equal(
            step.Actions.Select(action => (
                action.Action.ToString(), action.Worker, action.Slot, Us(action.WaitStart), Us(action.Start), Us(action.End), Us(action.Start - action.WaitStart),
                Us(action.End - action.Start), action.Bytes)),
            rows.Select(row => (
                row["action"], Int(row["worker"]), Int(row["slot"]), Number(row["wait_start_us"]), Number(row["start_us"]), Number(row["end_us"]), Number(row["wait_us"]),
                Number(row["duration_us"]), (long)Number(row["handover_bytes"]))));
        Assert.All(rows, row => Assert.Equal(
            ("Net", "7", "train", "1F1B", "2026-01-02T03:04:05.0000000Z", "0", "4"),
            (row["pipeline"], row["step"], row["mode"], row["schedule"], row["started_at"], row["step_actions_not_run"], row["dropped_steps"])));
    }

    [Fact]
    public void Numbers_have_a_point_whatever_the_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        CultureInfo.CurrentCulture = comma;
        try
        {
            Assert.Equal(Write([Small], 0), InCulture(CultureInfo.InvariantCulture, () => Write([Small], 0)));
            Assert.Contains(",1500.5,", Write([Timeline([Action(0, 0, "0F0", 0, 0, 1.5005)], 1, 1)], 0), StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Text_with_commas_quotes_and_line_ends_is_one_value()
    {
        var step = Timeline([Action(0, 0, "0F0", 0, 0, 1)], 1, 1, pipeline: "a \"b\", c", stageNames: ["stem,\nnorm"]);

        var row = Assert.Single(Rows(Write([step], 0)));

        Assert.Equal(("a \"b\", c", "stem,\nnorm"), (row["pipeline"], row["stage_name"]));
    }

    [Fact]
    public void A_failed_step_says_where_and_how_much_did_not_run()
    {
        var rows = Rows(Write([FailedStep()], 0));

        Assert.Equal(["1F0"], rows.Where(row => row["error"] == "System.InvalidOperationException").Select(row => row["action"]));
        Assert.Equal(2, rows.Count(row => row["error"].Length == 0));
        Assert.All(rows, row => Assert.Equal("5", row["step_actions_not_run"]));
    }

    [Fact]
    public void The_docs_explain_every_column()
    {
        var docs = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "telemetry.md"));

        Assert.All(GanttCsv.Header.Split(','), column => Assert.Contains($"`{column}`", docs, StringComparison.Ordinal));
    }

    [Fact]
    public void The_file_is_as_approved() => Golden.AssertEqual("small.csv", Write([Small], dropped: 1));

    private static string Write(IEnumerable<StepTimeline> steps, long dropped)
    {
        using var stream = new MemoryStream();
        GanttCsv.Write(stream, steps, dropped);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static T InCulture<T>(CultureInfo culture, Func<T> work)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return work();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static List<Dictionary<string, string>> Rows(string csv)
    {
        var records = Records(csv).ToArray();
        Assert.Equal(GanttCsv.Header.Split(','), records[0]);
        Assert.All(records, record => Assert.Equal(records[0].Length, record.Length));
        return [.. records.Skip(1).Select(record => records[0].Zip(record).ToDictionary(pair => pair.First, pair => pair.Second))];
    }

    /// <summary>RFC 4180, with a line feed at the ends of lines.</summary>
    private static IEnumerable<string[]> Records(string csv)
    {
        var (record, value, quoted) = (new List<string>(), new StringBuilder(), false);
        for (var at = 0; at < csv.Length; at++)
        {
            var letter = csv[at];
            if (quoted && letter == '"' && at + 1 < csv.Length && csv[at + 1] == '"') value.Append(csv[++at]);
            else if (letter == '"') quoted = !quoted;
            else if (!quoted && letter is ',' or '\n' && !quoted)
            {
                record.Add(value.ToString());
                value.Clear();
                if (letter == ',') continue;
                yield return [.. record];
                record.Clear();
            }
            else value.Append(letter);
        }

        Assert.Equal(0, value.Length);
        Assert.Empty(record);
    }

    private static decimal Us(TimeSpan time) => time.Ticks / 10m;

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
