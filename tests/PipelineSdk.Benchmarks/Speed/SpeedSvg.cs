using System.Globalization;
using System.Xml.Linq;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Bars: everybody's speed over one thread, and the bound of each pipeline as a line on its bar.</summary>
internal static class SpeedSvg
{
    private const int RowHeight = 20;
    private const int LabelWidth = 290;
    private const int PlotWidth = 460;
    private const int TitleHeight = 36;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static void Write(string path, IReadOnlyList<Comparison> comparisons)
    {
        var most = comparisons.SelectMany(comparison => comparison.Rows).Max(row => Math.Max(row.OverOneThread, row.Bound ?? 0));
        var scale = PlotWidth / (Math.Ceiling(most * 4) / 4);
        var y = 0;
        var parts = new List<XElement>();
        foreach (var comparison in comparisons)
        {
            parts.Add(Text(8, y + 24, $"{comparison.Workload}: speed over one thread", "title"));
            y += TitleHeight;
            foreach (var row in comparison.Rows)
            {
                var own = row.Bound is not null;
                parts.Add(Text(LabelWidth - 8, y + 14, row.Name, "label"));
                parts.Add(Rect(LabelWidth, y + 3, row.OverOneThread * scale, RowHeight - 6, own ? "own" : "other"));
                if (row.Bound is { } bound) parts.Add(Rect(LabelWidth + (bound * scale), y + 1, 2, RowHeight - 2, "bound"));
                parts.Add(Text(LabelWidth + (Math.Max(row.OverOneThread, row.Bound ?? 0) * scale) + 6, y + 14, row.OverOneThread.ToString("0.00", CultureInfo.InvariantCulture), "value"));
                y += RowHeight;
            }
        }

        const string style = """
            svg{font:12px system-ui,sans-serif;background:#fff;color:#1b1f24}text{fill:currentColor}.title{font-weight:600}.label{text-anchor:end}
            .own{fill:#2f6fde}.other{fill:#a9b4c0}.bound{fill:#c2410c}
            @media (prefers-color-scheme:dark){svg{background:#15181c;color:#e6e9ed}.own{fill:#6ea2ff}.other{fill:#59636f}.bound{fill:#fb923c}}
            """;
        var width = LabelWidth + PlotWidth + 60;
        new XDocument(new XElement(
            Svg + "svg", new XAttribute("viewBox", FormattableString.Invariant($"0 0 {width} {y + 8}")), new XAttribute("width", width), new XElement(Svg + "style", style), parts)).Save(path);
    }

    private static XElement Text(double x, double y, string text, string kind) => new(
        Svg + "text", new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("class", kind), text);

    private static XElement Rect(double x, double y, double width, double height, string kind) => new(
        Svg + "rect", new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("width", Number(width)), new XAttribute("height", Number(height)),
        new XAttribute("class", kind));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
