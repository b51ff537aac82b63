using System.Globalization;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry;

/// <summary>The layout of a Gantt picture: heading, lanes, axis, legend, from top to bottom.</summary>
internal sealed class GanttDrawing
{
    private const double Margin = 20;
    private const double HeadingHeight = 66;
    private const double LaneHeight = 40;
    private const double LaneGap = 10;
    private const double LabelWidth = 118;
    private const double FiguresWidth = 96;
    private const double LegendHeight = 58;

    private readonly SvgWriter svg;
    private readonly StepTimeline step;
    private readonly TimelineSummary summary;
    private readonly string title;
    private readonly double width;
    private readonly double lanesBottom;
    private readonly TimeAxis axis;

    public GanttDrawing(SvgWriter svg, StepTimeline step, GanttOptions options)
    {
        this.svg = svg;
        this.step = step;
        summary = TimelineSummary.Of(step);
        title = options.Title ?? string.Create(CultureInfo.InvariantCulture, $"{step.Pipeline}, step {step.Step} ({step.Mode})");
        width = options.Width;
        lanesBottom = LaneTop(step.Workers);
        var length = step.Actions.Count == 0 ? step.Duration : step.Actions.Max(action => action.End);
        axis = new TimeAxis(length, Margin + LabelWidth, width - (2 * Margin) - LabelWidth - FiguresWidth);
    }

    public void Draw()
    {
        var height = lanesBottom + 24 + LegendHeight;
        svg.BeginPicture(width, height, title, Figures(), GanttStyle.Css);
        svg.Rectangle(0, 0, width, height, "paper", radius: 8);
        svg.Text(Margin, 32, title, "title");
        svg.Text(Margin, 53, Figures(), "figures");
        DrawAxis();
        for (var worker = 0; worker < step.Workers; worker++) DrawLane(worker);
        DrawLegend(lanesBottom + 40);
        svg.EndPicture();
    }

    private static double LaneTop(int worker) => HeadingHeight + 8 + (worker * (LaneHeight + LaneGap));

    private string Figures() => string.Create(
        CultureInfo.InvariantCulture,
        $"{step.Schedule} · {Count(step.Workers, "worker")} · {Count(step.StageNames.Count, "stage")} · {Count(step.MicroBatches, "micro-batch", "micro-batches")}"
        + $" · {Milliseconds(summary.Makespan)} ms · flush bubble {summary.FlushBubbleFraction:P1} · span bubble {summary.SpanBubbleFraction:P1}");

    private void DrawAxis()
    {
        svg.BeginGroup("axis");
        foreach (var (x, milliseconds) in axis.Ticks(spacing: 70))
        {
            svg.Line(x, HeadingHeight, x, lanesBottom, "grid");
            svg.Text(x, lanesBottom + 14, milliseconds.ToString("0.######", CultureInfo.InvariantCulture), "tick", "middle");
        }

        svg.Text(Margin, lanesBottom + 14, "ms", "tick");
        svg.EndGroup();
    }

    private void DrawLane(int worker)
    {
        var top = LaneTop(worker);
        var middle = top + (LaneHeight / 2);
        var figures = summary.Workers[worker];
        var left = axis.X(TimeSpan.Zero);
        var right = width - Margin - FiguresWidth;
        svg.BeginGroup("lane");
        svg.Text(Margin, middle - 3, string.Create(CultureInfo.InvariantCulture, $"worker {worker}"), "worker");
        svg.Text(Margin, middle + 13, StagesOf(worker), "stages");
        svg.Rectangle(left, top, right - left, LaneHeight, "idle", radius: 4);
        foreach (var bars in step.Actions.Where(record => record.Worker == worker).GroupBy(record => record.Action.Kind))
        {
            var label = GanttLabel.For([.. bars], record => axis.X(record.End) - axis.X(record.Start));
            foreach (var record in bars) DrawAction(record, top, label(record));
        }

        var busy = summary.Makespan > TimeSpan.Zero ? figures.Busy / summary.Makespan : 0;
        svg.Text(right + 12, middle - 3, string.Create(CultureInfo.InvariantCulture, $"{busy:P1} busy"), "worker");
        svg.Text(right + 12, middle + 13, string.Create(CultureInfo.InvariantCulture, $"{figures.PeakInFlight} in flight"), "stages");
        svg.EndGroup();
    }

    private void DrawAction(in ActionRecord record, double top, string? label)
    {
        var (left, right) = (axis.X(record.Start), axis.X(record.End));
        var waitLeft = axis.X(record.WaitStart);
        var action = record.Action;
        svg.BeginGroup("action", GanttTooltip.Of(step, record));
        if (left - waitLeft > 3) svg.Line(waitLeft + 1.5, top + (LaneHeight / 2), left - 1.5, top + (LaneHeight / 2), "wait");

        // A hair narrower than its time, so that bars that touch can be told apart.
        var barWidth = Math.Max(0.5, right - left - 0.75);
        var fill = GanttColors.Fill(action.Kind, action.MicroBatch, step.MicroBatches);
        svg.Rectangle(left, top, barWidth, LaneHeight, $"bar {action.Letter}", fill, radius: Math.Min(3, barWidth / 3));
        if (label is not null)
        {
            svg.Text(left + (barWidth / 2), top + (LaneHeight / 2) + 4, label, GanttColors.LabelClass(action.Kind), "middle");
        }

        svg.EndGroup();
    }

    private string StagesOf(int worker)
    {
        var stages = step.Actions.Where(record => record.Worker == worker).Select(record => record.Action.Stage).Distinct().Order().ToArray();
        var text = stages.Length == 1
            ? string.Create(CultureInfo.InvariantCulture, $"{stages[0]}: {GanttText.StageName(step, stages[0])}")
            : "stages " + string.Join(", ", stages);
        return GanttLabel.Shorten(text, LabelWidth - 8);
    }

    private void DrawLegend(double top)
    {
        svg.BeginGroup("legend");
        var x = Margin;
        foreach (var kind in step.Actions.Select(record => record.Action.Kind).Distinct().Order())
        {
            x = DrawKey(x, top, kind, microBatch: 0, $"{new PipelineAction(0, kind, 0).Letter} {GanttText.Phase(kind)}");
        }

        svg.Line(x, top + 7, x + 22, top + 7, "wait");
        svg.Text(x + 28, top + 11, "waiting for input", "key");
        x += 28 + GanttLabel.WidthOf("waiting for input") + 22;
        svg.Text(x, top + 11, "micro-batch", "key");
        x += GanttLabel.WidthOf("micro-batch") + 10;
        for (var microBatch = 0; microBatch < step.MicroBatches; microBatch++)
        {
            if (x > width - Margin - 60)
            {
                svg.Text(x, top + 11, string.Create(CultureInfo.InvariantCulture, $"… {step.MicroBatches - 1}"), "key");
                break;
            }

            x = DrawKey(x, top, ActionKind.Forward, microBatch, microBatch.ToString(CultureInfo.InvariantCulture), gap: 8);
        }

        svg.EndGroup();
    }

    private double DrawKey(double x, double top, ActionKind kind, int microBatch, string text, double gap = 18)
    {
        svg.Rectangle(x, top, 14, 14, "swatch", GanttColors.Fill(kind, microBatch, step.MicroBatches), radius: 3);
        svg.Text(x + 19, top + 11, text, "key");
        return x + 19 + GanttLabel.WidthOf(text) + gap;
    }

    private static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString(time.TotalMilliseconds < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static string Count(int count, string one, string? many = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many ?? one + "s")}");
}
