using System.Globalization;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>A column of figures, in the table for people and in the CSV for machines.</summary>
/// <param name="Heading">Over the column of the table; empty leaves it to the CSV.</param>
/// <param name="Key">The name in the CSV, with the unit.</param>
/// <param name="Value">The figure: text, a number or null.</param>
/// <param name="Format">How the table shows a number; the CSV has all digits.</param>
/// <param name="Scale">What the table multiplies it with.</param>
internal sealed record Column<TRow>(string Heading, string Key, Func<TRow, object?> Value, string Format = "0.00", double Scale = 1)
{
    public string Shown(TRow row) => Value(row) switch
    {
        double number => (Scale * number).ToString(Format, CultureInfo.InvariantCulture),
        var other => Convert.ToString(other, CultureInfo.InvariantCulture) ?? "",
    };

    public string InCsv(TRow row)
    {
        var text = Convert.ToString(Value(row), CultureInfo.InvariantCulture) ?? "";
        return text.Contains(',', StringComparison.Ordinal) ? $"\"{text}\"" : text;
    }
}
