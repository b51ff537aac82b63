using PipelineSdk.Diagnostics;

namespace PipelineSdk.Terminal;

/// <summary>Puts one worker's actions into columns of text: each column shows what took most of its time.</summary>
internal static class GanttCells
{
    /// <summary>Columns that show the same action, or none.</summary>
    public readonly record struct Bar(ActionRecord? Record, int Width);

    /// <summary>The bars from left to right; together as wide as there are columns.</summary>
    public static IReadOnlyList<Bar> Bars(ActionRecord[] records, TimeSpan length, int columns)
    {
        var shown = new int[columns];
        var first = 0;
        for (var column = 0; column < columns; column++)
        {
            var from = length * ((double)column / columns);
            var to = length * ((double)(column + 1) / columns);
            while (first < records.Length && records[first].End <= from) first++;
            var (most, idle) = (TimeSpan.Zero, to - from);
            shown[column] = -1;
            for (var i = first; i < records.Length && records[i].Start < to; i++)
            {
                var part = (records[i].End < to ? records[i].End : to) - (records[i].Start > from ? records[i].Start : from);
                idle -= part;
                if (part > most) (most, shown[column]) = (part, i);
            }

            if (idle > most) shown[column] = -1;
        }

        var bars = new List<Bar>();
        for (var column = 0; column < columns;)
        {
            var end = column + 1;
            while (end < columns && shown[end] == shown[column]) end++;
            bars.Add(new Bar(shown[column] < 0 ? null : records[shown[column]], end - column));
            column = end;
        }

        return bars;
    }
}
