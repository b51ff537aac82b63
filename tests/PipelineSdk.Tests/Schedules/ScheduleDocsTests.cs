using System.Globalization;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using PipelineSdk.Schedules;
using Xunit;
using static System.FormattableString;

namespace PipelineSdk.Tests.Schedules;

/// <summary>
/// Pictures and figures in docs/schedules.md are the project's own. Set PIPELINESDK_UPDATE_DOCS=1 to write them anew.
/// </summary>
public sealed class ScheduleDocsTests
{
    private const string Begin = "<!-- figures: begin (written by ScheduleDocsTests) -->\n";
    private const string End = "<!-- figures: end -->\n";
    private static readonly bool Update = Environment.GetEnvironmentVariable("PIPELINESDK_UPDATE_DOCS") == "1";

    /// <summary>The flush bubble in closed form, with F, I, W and B = I + W the times of all stages of a worker.</summary>
    private static readonly Dictionary<string, (string Formula, Func<int, int, int, double>? Bubble)> ClosedForms = new()
    {
        ["Sequential"] = ("(p-1) m (F+B)", (p, m, v) => (p - 1) * m * 3),
        ["GPipe"] = ("(p-1)(F+B)", (p, m, v) => (p - 1) * 3),
        ["GPipe-Descending"] = ("(p-1)(F+B)", (p, m, v) => (p - 1) * 3),
        ["1F1B"] = ("(p-1)(F+B)", (p, m, v) => (p - 1) * 3),
        ["Interleaved1F1B"] = ("(p-1)(F+B)/v", (p, m, v) => (p - 1) * 3.0 / v),
        ["LoopedBFS"] = ("(p-1)(F+B)/v", (p, m, v) => (p - 1) * 3.0 / v),
        ["ZB-H1"] = ("(p-1)(F+I-W)", (p, m, v) => p - 1),
        ["InterleavedZeroBubble"] = ("(p-1)(F+I-W)/v", (p, m, v) => (p - 1.0) / v),
        ["ZB-V"] = ("(p-1)F/2, F=I=W", (p, m, v) => (p - 1) / 2.0),
        ["DualPipeV"] = ("(p-1)(F+I-W)/2, F=I=W", (p, m, v) => (p - 1) / 2.0),
        ["V-Half"] = ("none published", null),
        ["V-Min"] = ("none published", null),
        ["ForwardOnly"] = ("(p-1)F", (p, m, v) => p - 1),
        ["PipeDream"] = ("(p-1)(F+B), once a run", (p, m, v) => (p - 1) * 3),
        ["PipeDream-2BW"] = ("(p-1)(F+B), once a run", (p, m, v) => (p - 1) * 3),
    };

    public static TheoryData<string> Names => [.. ScheduleCatalog.All.Select(schedule => schedule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void ThePictureIsTheOneTheProjectDraws(string name)
    {
        string svg = ScheduleSvg.Draw(Simulate(name));
        string path = Path.Combine(Docs(), "images", "schedules", name + ".svg");
        if (Update)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, svg);
        }

        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n"), svg);
        Assert.Contains($"images/schedules/{name}.svg", File.ReadAllText(Path.Combine(Docs(), "schedules.md")), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void APictureHasABoxForEveryActionAndLiesWithinItsFrame(string name)
    {
        var simulation = Simulate(name);
        var svg = XDocument.Parse(ScheduleSvg.Draw(simulation)).Root!;
        var boxes = svg.Elements().Where(e => e.Name.LocalName == "rect" && e.Elements().Any()).ToList();
        Assert.Equal(
            simulation.Workers.SelectMany(actions => actions).Where(a => a.End > a.Start).Select(a => a.Action.ToString()),
            boxes.Select(box => box.Value));
        double right = double.Parse(svg.Attribute("viewBox")!.Value.Split(' ')[2], CultureInfo.InvariantCulture);
        Assert.All(boxes, box => Assert.True(
            double.Parse(box.Attribute("x")!.Value, CultureInfo.InvariantCulture) + double.Parse(box.Attribute("width")!.Value, CultureInfo.InvariantCulture) <= right));
    }

    [Fact]
    public void TheTableOfFiguresIsWhatTheSimulatorFinds()
    {
        string path = Path.Combine(Docs(), "schedules.md");
        string page = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end >= begin, "The page has no place for the table.");
        string table = Table();
        if (Update)
        {
            page = page[..begin] + table + page[end..];
            File.WriteAllText(path, page);
            end = begin + table.Length;
        }

        Assert.Equal(page[begin..end], table);
    }

    private static string Table()
    {
        var lines = new List<string>
        {
            "| schedule | stages per worker | flush bubble, closed form | its value | simulated | makespan | bubble | forwards in flight | link capacity |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        };
        foreach (var schedule in ScheduleCatalog.All)
        {
            var simulation = Simulate(schedule.Name);
            var proof = ScheduleCheck.Verify(simulation.Program);
            var shape = simulation.Program.Shape;
            int chunks = shape.Stages / shape.Workers;
            var (formula, bubble) = ClosedForms[schedule.Name];
            string value = bubble is null ? "" : Text(bubble(shape.Workers, shape.MicroBatches, chunks));
            Assert.True(bubble is null || Text(simulation.FlushBubble[0]) == value, schedule.Name);
            lines.Add(Invariant(
                $"| {schedule.Name} | {chunks} | {formula} | {value} | {Text(simulation.FlushBubble[0])} | {Text(simulation.Makespan)} | {100 * simulation.FlushBubbleFraction:0.0} % | {string.Join(" ", proof.PeakInFlight)} | {proof.LinkCapacity} |"));
        }

        return string.Join("\n", lines) + "\n";
    }

    /// <summary>Four workers, eight micro-batches, F = I = W = 1 for all stages of a worker.</summary>
    private static ScheduleSimulation Simulate(string name)
    {
        var schedule = ScheduleCatalog.Get(name);
        bool several = name is "Interleaved1F1B" or "LoopedBFS" or "InterleavedZeroBubble" or "ZB-V" or "DualPipeV" or "V-Half" or "V-Min";
        var shape = new ScheduleShape(4, several ? 8 : 4, 8);
        double time = several ? 0.5 : 1;
        return ScheduleSimulator.Run(schedule.Build(shape), ScheduleCosts.Equal(shape.Stages, new(time, time, time)));
    }

    private static string Text(double value) => Math.Round(value, 6).ToString(CultureInfo.InvariantCulture);

    private static string Docs([CallerFilePath] string source = "")
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "docs", "schedules.md")))
            {
                return Path.Combine(folder.FullName, "docs");
            }
        }

        return Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "..", "..", "..", "docs"));
    }
}
