using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PipelineSdk.Terminal;

/// <summary>What the live view looks like.</summary>
internal static class TrainingPanel
{
    /// <summary>Lines that the view has for workers: with more of them it shows the first and says how many there are.</summary>
    private const int MostWorkers = 16;

    public static IRenderable Of(TrainingProgress progress)
    {
        var grid = new Grid { Expand = true }.AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn()).AddColumn(new GridColumn().NoWrap().RightAligned());
        Row($"step {Number(progress.Done)}/{Number(progress.Steps)}", new Share((double)progress.Done / progress.Steps, Color.Green), progress.LeftText);
        grid.AddRow(
            new Text("loss"), new Text(progress.Loss.ToString("F4", CultureInfo.InvariantCulture), new Style(decoration: Decoration.Bold)),
            new Text(progress.SamplesPerSecond.ToString("F0", CultureInfo.InvariantCulture) + " samples/s"));
        foreach (var (share, worker) in progress.Utilization.Take(MostWorkers).Select((share, worker) => (share, worker)))
            Row($"worker {Number(worker)}", new Share(share, Color.Blue), share.ToString("P0", CultureInfo.InvariantCulture));
        if (progress.Utilization.Count > MostWorkers) Row($"of {Number(progress.Utilization.Count)}", new Text(""), "");
        return new Panel(grid) { Header = new PanelHeader(Markup.Escape($" {progress.Title} ")), Border = BoxBorder.Rounded, Expand = true };

        void Row(string name, IRenderable bar, string value) => grid.AddRow(new Text(name), bar, new Text(value));
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A bar as wide as there is room.</summary>
    private sealed class Share(double value, Color color) : Renderable
    {
        protected override Measurement Measure(RenderOptions options, int maxWidth) => new(4, maxWidth);

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            var (full, empty) = options.Unicode ? ("━", "─") : ("#", "-");
            var filled = (int)Math.Round(Math.Clamp(value, 0, 1) * maxWidth);
            yield return new Segment(string.Concat(Enumerable.Repeat(full, filled)), new Style(color));
            yield return new Segment(string.Concat(Enumerable.Repeat(empty, maxWidth - filled)), new Style(Color.Grey));
            yield return Segment.LineBreak;
        }
    }
}
