using System.Globalization;
using System.Xml.Linq;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>
/// Bars in a group per workload: the speed over one thread of everybody who has more; on a pipeline's bar its bound, across the group the ceiling of the cores. Of the pipelines
/// those with the most workers that have a core each.
/// </summary>
internal static class SpeedSvg
{
    private const int Width = 800;
    private const int Left = 236;
    private const int Right = 748;
    private const int RowHeight = 19;
    private const int TitleHeight = 34;
    private const int LegendHeight = 32;

    private const string Style = """
        svg{font:12px system-ui,sans-serif;background:#fff;color:#1b1f24}text{fill:currentColor}.title{font-weight:600}.label,.value{text-anchor:end}.scale{text-anchor:middle;opacity:.65}
        .Pipeline{fill:#2f6fde}.Uncut{fill:#9aa6b2}.PyTorch{fill:#d9a03f}.grid{fill:currentColor;opacity:.13}.one{opacity:.5}.bound{fill:currentColor}.ceiling{stroke:#c2410c;stroke-width:1.5;stroke-dasharray:4 3}
        @media (prefers-color-scheme:dark){svg{background:#15181c;color:#e6e9ed}.Pipeline{fill:#6ea2ff}.Uncut{fill:#6b7682}.PyTorch{fill:#c8923a}.ceiling{stroke:#fb923c}}
        """;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static void Write(string path, IReadOnlyList<Comparison> comparisons)
    {
        var groups = comparisons.Select(comparison => (comparison.Workload, Rows: Shown(comparison), Ceiling: CeilingOf(comparison))).ToList();
        var most = groups.SelectMany(group => group.Rows.Select(row => Math.Max(row.OverOneThread, row.Limits?.Bound ?? 0)).Append(group.Ceiling ?? 0)).Max();
        var scale = (Right - 40 - Left) / (Math.Ceiling(most * 4) / 4);
        var parts = Legend().ToList();
        var y = LegendHeight;
        foreach (var (workload, rows, ceiling) in groups)
        {
            var (top, bottom) = (y + TitleHeight - 4, y + TitleHeight + (rows.Count * RowHeight) + 2);
            parts.Add(Text(8, y + 24, workload, "title"));
            for (var tick = 0.0; tick <= (Right - 40 - Left) / scale; tick += 0.5)
            {
                parts.Add(Rect(Left + (tick * scale), top, 1, bottom - top, tick == 1 ? "grid one" : "grid"));
                parts.Add(Text(Left + (tick * scale), top - 3, tick.ToString("0.0", CultureInfo.InvariantCulture), "scale"));
            }

            foreach (var (index, row) in rows.Index()) parts.AddRange(Bar(row, y + TitleHeight + (index * RowHeight), scale));
            if (ceiling is { } speed) parts.Add(Line(Left + (speed * scale), top, bottom));
            y = bottom;
        }

        new XDocument(new XElement(
            Svg + "svg", new XAttribute("viewBox", FormattableString.Invariant($"0 0 {Width} {y + 12}")), new XAttribute("width", Width), new XElement(Svg + "style", Style), parts))
            .Save(path);
    }

    private static List<SpeedRow> Shown(Comparison comparison)
    {
        var workers = comparison.Rows.Where(row => row.Limits is { } limits && limits.Workers == limits.Cores).Max(row => row.Limits?.Workers);
        return [.. comparison.Rows.Where(row => row.Kind switch
        {
            ContenderKind.Copies => false,
            ContenderKind.Pipeline => row.Limits!.Workers == workers,
            _ => !row.Name.EndsWith("1 thread", StringComparison.Ordinal),
        })];
    }

    private static double? CeilingOf(Comparison comparison)
        => comparison.Rows.Where(row => row.Kind == ContenderKind.Copies).Select(row => (double?)row.OverOneThread).LastOrDefault();

    private static IEnumerable<XElement> Legend()
    {
        yield return Text(8, 20, "speed over one thread", "title");
        var x = Left;
        foreach (var (kind, name, width) in new[] { ("Pipeline", "pipeline", 82), ("Uncut", "uncut model", 108), ("PyTorch", "PyTorch", 84) })
        {
            yield return Rect(x, 11, 11, 11, kind);
            yield return Text(x + 16, 20, name, "");
            x += width;
        }

        yield return Rect(x, 9, 3, 15, "bound");
        yield return Text(x + 9, 20, "bound of the schedule", "");
        x += 154;
        yield return Line(x, 8, 25);
        yield return Text(x + 7, 20, "copies at once", "");
    }

    private static IEnumerable<XElement> Bar(SpeedRow row, int y, double scale)
    {
        yield return Text(Left - 8, y + 13, row.Name.Replace("pipeline, ", "", StringComparison.Ordinal), "label");
        yield return Rect(Left, y + 2, row.OverOneThread * scale, RowHeight - 5, row.Kind.ToString());
        if (row.Limits?.Bound is { } bound) yield return Rect(Left + (bound * scale) - 1, y, 3, RowHeight - 1, "bound");
        yield return Text(Width - 14, y + 13, row.OverOneThread.ToString("0.00", CultureInfo.InvariantCulture), "value");
    }

    private static XElement Text(double x, double y, string text, string kind) => new(
        Svg + "text", new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), kind.Length == 0 ? null : new XAttribute("class", kind), text);

    private static XElement Rect(double x, double y, double width, double height, string kind) => new(
        Svg + "rect", new XAttribute("x", Number(x)), new XAttribute("y", Number(y)), new XAttribute("width", Number(width)), new XAttribute("height", Number(height)),
        new XAttribute("class", kind));

    private static XElement Line(double x, double top, double bottom) => new(
        Svg + "line", new XAttribute("x1", Number(x)), new XAttribute("x2", Number(x)), new XAttribute("y1", Number(top)), new XAttribute("y2", Number(bottom)),
        new XAttribute("class", "ceiling"));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
