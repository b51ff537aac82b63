using System.Globalization;
using System.Xml.Linq;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using static PipelineSdk.OpenTelemetry.Tests.Support.Timelines;

namespace PipelineSdk.OpenTelemetry.Tests.Gantt;

public sealed class GanttSvgTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private static readonly StepTimeline Step = Simulate(PipelineSchedule.OneForwardOneBackward, workers: 3, microBatches: 8, latency: 0.1);

    [Fact]
    public void Every_action_is_one_bar_with_a_tooltip()
    {
        var picture = Draw(Step);

        var tooltips = picture.Descendants(Svg + "g").Where(group => ClassOf(group) == "action").Select(group => group.Element(Svg + "title")!.Value.Split(':')[0]);
        Assert.Equal(Step.Actions.Select(action => action.Action.ToString()).Order(), tooltips.Order());
        Assert.Equal(48, Bars(picture).Length);
    }

    [Fact]
    public void Bars_are_as_wide_as_their_time_and_stay_in_their_lane()
    {
        var bars = Bars(Draw(Step));
        var pixelsPerMs = bars.Where(bar => bar.Class == "bar B").Average(bar => bar.Width + 0.75) / 2;

        Assert.All(bars, bar => Assert.Equal(bar.Class == "bar F" ? 1 : 2, (bar.Width + 0.75) / pixelsPerMs, tolerance: 0.01));
        Assert.Equal(3, bars.Select(bar => bar.Y).Distinct().Count());
        foreach (var lane in bars.GroupBy(bar => bar.Y))
        {
            var inOrder = lane.OrderBy(bar => bar.X).ToArray();
            for (var next = 1; next < inOrder.Length; next++) Assert.True(inOrder[next - 1].X + inOrder[next - 1].Width <= inOrder[next].X);
        }
    }

    [Fact]
    public void Micro_batches_differ_in_colour_and_so_do_forward_and_backward()
    {
        var bars = Bars(Draw(Step));

        Assert.Equal(16, bars.Select(bar => bar.Fill).Distinct().Count());
    }

    [Fact]
    public void Labels_are_readable_on_every_bar()
    {
        foreach (var kind in Enum.GetValues<ActionKind>())
        {
            var label = GanttColors.LabelClass(kind).EndsWith("on-pale", StringComparison.Ordinal) ? "#16181d" : "#ffffff";
            for (var microBatch = 0; microBatch < 64; microBatch++)
            {
                Assert.True(Contrast(label, GanttColors.Fill(kind, microBatch, microBatches: 64)) >= 4.5, $"{kind} of micro-batch {microBatch}");
            }
        }
    }

    [Fact]
    public void The_heading_says_schedule_shape_and_bubbles()
    {
        var texts = Draw(Simulate(PipelineSchedule.GPipe, workers: 4, microBatches: 8, step: 12)).Descendants(Svg + "text").Select(text => text.Value).ToArray();

        Assert.Equal("Net, step 12 (train)", texts[0]);
        Assert.Equal("GPipe · 4 workers · 4 stages · 8 micro-batches · 33.0 ms · flush bubble 27.3 % · span bubble 27.3 %", texts[1]);
        Assert.Equal(4, texts.Count(text => text == "8 in flight"));
        Assert.Contains("F forward", texts);
        Assert.Contains("B backward", texts);
        Assert.DoesNotContain("W weight gradient", texts);
    }

    [Fact]
    public void Labels_name_stage_kind_and_micro_batch_where_they_fit()
    {
        var wide = Labels(Draw(Step));
        var narrow = Labels(Draw(Simulate(PipelineSchedule.GPipe, workers: 2, microBatches: 400)));

        Assert.Equal(Step.Actions.Select(action => action.Action.ToString()).Order(), wide.Order());
        Assert.Empty(narrow);
    }

    [Fact]
    public void A_bar_too_narrow_for_its_lanes_labels_has_its_micro_batch_alone_or_none()
    {
        // 946 pixels of 100 ms: room for three letters in 20 ms, for one in 1.5 ms, for none in 0.5 ms.
        var labels = Labels(Draw(Timeline(
            [
                Action(0, 0, "0F0", 0, 0, 30), Action(0, 1, "0F1", 30, 30, 60), Action(0, 2, "0F2", 60, 60, 61.5),
                Action(0, 3, "0F3", 62, 62, 62.5), Action(0, 4, "0F4", 70, 70, 100),
            ],
            workers: 1, microBatches: 5)));

        Assert.Equal(["0F0", "0F1", "2", "0F4"], labels);
    }

    [Fact]
    public void The_picture_scales_and_is_as_wide_as_asked()
    {
        var root = Draw(Step, new GanttOptions { Width = 800, Title = "A < B & C\u0002" }).Root!;

        Assert.StartsWith("0 0 800 ", root.Attribute("viewBox")!.Value, StringComparison.Ordinal);
        Assert.Equal("A < B & C\uFFFD", root.Element(Svg + "title")!.Value);
        Assert.All(Bars(root.Document!), bar => Assert.InRange(bar.X + bar.Width, 0, 800));
        Assert.Throws<ArgumentOutOfRangeException>(() => new GanttOptions { Width = 100 });
    }

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.02)]
    [InlineData(7)]
    [InlineData(123456)]
    public void Axis_marks_are_round_and_neither_crowded_nor_missing(double milliseconds)
    {
        var ticks = Draw(Timeline([Action(0, 0, "0F0", 0, 0, milliseconds)], 1, 1)).Descendants(Svg + "text").Where(text => ClassOf(text) == "tick" && text.Value != "ms")
            .Select(text => (X: Number(text, "x"), Value: decimal.Parse(text.Value, CultureInfo.InvariantCulture))).ToArray();

        Assert.InRange(ticks.Length, 3, 15);
        Assert.Equal(0, ticks[0].Value);
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(pair.Second.X - pair.First.X >= 69));
        var digit = ticks[1].Value;
        while (digit < 1) digit *= 10;
        while (digit >= 10) digit /= 10;
        Assert.Contains(digit, new[] { 1m, 2m, 5m });
    }

    [Fact]
    public void A_step_without_actions_can_be_drawn() => Assert.Empty(Bars(Draw(Timeline([], workers: 2, microBatches: 4))));

    [Fact]
    public void A_file_is_the_same_picture()
    {
        using var folder = new TemporaryFolder();

        GanttSvg.Write(folder["step.svg"], Step);

        Assert.Equal(Draw(Step).ToString(), XDocument.Load(folder["step.svg"]).ToString());
        Assert.Equal(["step.svg"], folder.Files);
    }

    private static XDocument Draw(StepTimeline step, GanttOptions? options = null)
    {
        using var stream = new MemoryStream();
        GanttSvg.Write(stream, step, options);
        stream.Position = 0;
        return XDocument.Load(stream);
    }

    private static (string Class, double X, double Y, double Width, string Fill)[] Bars(XDocument picture) =>
    [
        .. picture.Descendants(Svg + "rect").Where(rect => ClassOf(rect).StartsWith("bar ", StringComparison.Ordinal)).Select(rect => (
            ClassOf(rect), Number(rect, "x"), Number(rect, "y"), Number(rect, "width"), rect.Attribute("fill")!.Value)),
    ];

    private static string[] Labels(XDocument picture) =>
        [.. picture.Descendants(Svg + "text").Where(text => ClassOf(text).StartsWith("label", StringComparison.Ordinal)).Select(text => text.Value)];

    private static string ClassOf(XElement element) => element.Attribute("class")!.Value;

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);

    // Contrast ratio of WCAG 2.
    private static double Contrast(string one, string other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private static double Luminance(string color)
    {
        var value = int.Parse(color.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (0.2126 * Channel(value >> 16)) + (0.7152 * Channel((value >> 8) & 255)) + (0.0722 * Channel(value & 255));

        static double Channel(int level) => level / 255.0 <= 0.04045 ? level / 255.0 / 12.92 : Math.Pow(((level / 255.0) + 0.055) / 1.055, 2.4);
    }
}
