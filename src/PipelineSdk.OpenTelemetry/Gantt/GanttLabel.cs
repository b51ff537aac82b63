using System.Globalization;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Which words fit where, from mean glyph widths: SVG has no way to ask.</summary>
internal static class GanttLabel
{
    private const double GlyphWidth = 6.4;
    private const double Padding = 3;

    /// <summary>
    /// How the bars of one lane and kind are labelled: alike, as the one in their middle has room for; a narrower one with its micro-batch
    /// alone, or not at all.
    /// </summary>
    public static Func<ActionRecord, string?> For(IReadOnlyList<ActionRecord> bars, Func<ActionRecord, double> widthOf)
    {
        var median = bars.Select(widthOf).Order().ElementAt(bars.Count / 2);
        var whole = FitsAll(Whole);
        var any = whole || FitsAll(MicroBatch);
        return bar => whole && Fits(Whole(bar.Action), widthOf(bar)) ? Whole(bar.Action)
            : any && Fits(MicroBatch(bar.Action), widthOf(bar)) ? MicroBatch(bar.Action)
            : null;

        bool FitsAll(Func<PipelineAction, string> label) => bars.All(bar => Fits(label(bar.Action), median));
    }

    /// <summary>The pixels a text of the smaller size takes.</summary>
    public static double WidthOf(string text) => text.Length * GlyphWidth;

    /// <summary>Cuts a text to a width, in its middle: names differ at their ends.</summary>
    public static string Shorten(string text, double width)
    {
        var room = (int)(width / GlyphWidth);
        if (text.Length <= room) return text;
        var head = (room - 1) / 2;
        return string.Concat(text.AsSpan(0, head), "…", text.AsSpan(text.Length - (room - 1 - head)));
    }

    private static bool Fits(string text, double width) => WidthOf(text) + Padding <= width;

    private static string Whole(PipelineAction action) => action.ToString();

    private static string MicroBatch(PipelineAction action) => action.MicroBatch.ToString(CultureInfo.InvariantCulture);
}
