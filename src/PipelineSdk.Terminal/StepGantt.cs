using System.Globalization;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry;
using PipelineSdk.Schedules;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PipelineSdk.Terminal;

/// <summary>
/// A step as a Gantt chart in text, as wide as there is room: a line per worker, with the share of the time that it worked. With colours a hue per
/// micro-batch, forwards pale and backwards dark; without, a bar is <c>F0--</c> for a forward and <c>B0==</c> for a backward.
/// </summary>
/// <param name="step">The step.</param>
public sealed class StepGantt(StepTimeline step) : Renderable
{
    private const int FigureWidth = 7;
    private const int LeastBars = 8;

    private readonly StepTimeline step = step ?? throw new ArgumentNullException(nameof(step));

    /// <summary>Whether bars are coloured; where not said, as far as the console has colours.</summary>
    public bool Colors { get; init; } = true;

    /// <summary>Writes a step, in colours on a terminal and in letters elsewhere, such as to a file.</summary>
    /// <param name="step">The step.</param>
    /// <param name="console">Where to; the process's own by default.</param>
    public static void Write(StepTimeline step, IAnsiConsole? console = null)
    {
        console ??= AnsiConsole.Console;
        console.Write(new StepGantt(step) { Colors = console.Profile.Out.IsTerminal });
    }

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        ArgumentNullException.ThrowIfNull(options);
        var labelWidth = step.Workers.ToString(CultureInfo.InvariantCulture).Length + 2;
        var columns = Math.Max(LeastBars, maxWidth - labelWidth - FigureWidth);
        var length = step.Actions.Count == 0 ? step.Duration : step.Actions.Max(record => record.End);
        var colored = Colors && options.ColorSystem != ColorSystem.NoColors;
        var summary = TimelineSummary.Of(step);
        for (var worker = 0; worker < step.Workers; worker++)
        {
            yield return new Segment(Invariant($"w{worker}").PadRight(labelWidth));
            foreach (var bar in GanttCells.Bars([.. step.Actions.Where(record => record.Worker == worker)], length, columns)) yield return Draw(bar, colored);
            var busy = summary.Makespan > TimeSpan.Zero ? summary.Workers[worker].Busy / summary.Makespan : 0;
            yield return new Segment(Invariant($"{busy:P0}").PadLeft(FigureWidth));
            yield return Segment.LineBreak;
        }

        yield return new Segment(Axis(labelWidth, columns, length));
        yield return Segment.LineBreak;
    }

    private Segment Draw(GanttCells.Bar bar, bool colored)
    {
        if (bar.Record is not { } record) return new Segment(new string(colored ? ' ' : '.', bar.Width));
        var action = record.Action;
        var text = new[] { action.ToString(), Invariant($"{action.Letter}{action.MicroBatch}"), action.Letter.ToString() }
            .Where(label => step.StageNames.Count > step.Workers || label[0] == action.Letter)
            .First(label => label.Length <= bar.Width || label.Length == 1);
        if (!colored) return new Segment(text.PadRight(bar.Width, Filler(action.Kind)));
        var fill = Color(GanttColors.Fill(action.Kind, action.MicroBatch, step.MicroBatches));
        var ink = action.Kind is ActionKind.Forward or ActionKind.InputGradient ? Spectre.Console.Color.Black : Spectre.Console.Color.White;
        return new Segment(text.PadRight(bar.Width), new Style(ink, fill));
    }

    private static char Filler(ActionKind kind) => kind switch
    {
        ActionKind.Forward => '-',
        ActionKind.Backward => '=',
        ActionKind.InputGradient => '~',
        _ => '+',
    };

    private static string Axis(int labelWidth, int columns, TimeSpan length)
    {
        var end = Invariant($"{length.TotalMilliseconds:0.#} ms");
        return new string(' ', labelWidth) + "0" + end.PadLeft(Math.Max(end.Length + 1, columns - 1));
    }

    private static Color Color(string hex)
    {
        var value = int.Parse(hex.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new Color((byte)(value >> 16), (byte)(value >> 8), (byte)value);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
