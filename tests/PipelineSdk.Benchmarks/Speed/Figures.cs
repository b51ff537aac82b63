using Spectre.Console;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Rows of figures under the same columns.</summary>
internal sealed class Figures<TRow>(params Column<TRow>[] columns)
{
    public void Print(string title, IReadOnlyList<TRow> rows)
    {
        var shown = columns.Where(column => column.Heading.Length > 0).ToList();
        var table = new Table().Title(Markup.Escape(title)).Border(TableBorder.Rounded);
        foreach (var column in shown)
            table.AddColumn(new TableColumn(Markup.Escape(column.Heading)) { Alignment = rows.Any(row => column.Value(row) is string or Enum) ? Justify.Left : Justify.Right });
        foreach (var row in rows) table.AddRow([.. shown.Select(column => Markup.Escape(column.Shown(row)))]);
        AnsiConsole.Write(table);
    }

    public void WriteCsv(string path, IEnumerable<TRow> rows) => File.WriteAllLines(
        path, rows.Select(row => string.Join(',', columns.Select(column => column.InCsv(row)))).Prepend(string.Join(',', columns.Select(column => column.Key))));
}
