using System.Globalization;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Colours by micro-batch and kind. The hue says the micro-batch, the lightness the kind; in OKLCH, where equal lightness looks
/// equally light in every hue, so a label's contrast does not depend on the micro-batch (Ottosson, A perceptual color space, 2020).
/// </summary>
internal static class GanttColors
{
    private const double GoldenAngle = 137.50776405;

    /// <summary>The fill of a bar, as <c>#rrggbb</c>.</summary>
    public static string Fill(ActionKind kind, int microBatch, int microBatches)
    {
        var (lightness, chroma) = kind switch
        {
            ActionKind.Forward => (0.83, 0.095),
            ActionKind.Backward => (0.50, 0.125),
            ActionKind.InputGradient => (0.68, 0.125),
            ActionKind.WeightGradient => (0.40, 0.08),
            _ => (0.35, 0),
        };
        return Hex(lightness, chroma, Hue(microBatch, microBatches));
    }

    /// <summary>The style classes of a label upon a bar.</summary>
    public static string LabelClass(ActionKind kind) =>
        kind is ActionKind.Forward or ActionKind.InputGradient ? "label on-pale" : "label on-dark";

    // A few micro-batches share the circle evenly; of many, neighbours are kept apart.
    private static double Hue(int microBatch, int microBatches) =>
        (255 + (microBatch * (microBatches <= 12 ? 360.0 / Math.Max(1, microBatches) : GoldenAngle))) % 360;

    private static string Hex(double lightness, double chroma, double hue)
    {
        var (sin, cos) = Math.SinCos(hue * Math.PI / 180);
        var (a, b) = (chroma * cos, chroma * sin);
        var l = Cube(lightness + (0.3963377774 * a) + (0.2158037573 * b));
        var m = Cube(lightness - (0.1055613458 * a) - (0.0638541728 * b));
        var s = Cube(lightness - (0.0894841775 * a) - (1.2914855480 * b));
        var red = Channel((4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s));
        var green = Channel((-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s));
        var blue = Channel((-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
        return string.Create(CultureInfo.InvariantCulture, $"#{red:x2}{green:x2}{blue:x2}");
    }

    private static double Cube(double value) => value * value * value;

    private static int Channel(double linear)
    {
        var clipped = Math.Clamp(linear, 0, 1);
        var encoded = clipped <= 0.0031308 ? 12.92 * clipped : (1.055 * Math.Pow(clipped, 1 / 2.4)) - 0.055;
        return (int)Math.Round(255 * encoded);
    }
}
