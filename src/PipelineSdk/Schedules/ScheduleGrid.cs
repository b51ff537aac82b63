using System.Text;
using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Programs as text, one worker a line, one action a column, for messages.</summary>
internal static class ScheduleGrid
{
    private const int MostColumns = 16;
    private const int MostRows = 16;

    /// <summary>The programs around the marked actions; what is left out is shown as an ellipsis.</summary>
    /// <param name="program">The programs.</param>
    /// <param name="marks">Worker and slot of each action to mark with brackets.</param>
    public static string Render(ScheduleProgram program, IReadOnlyCollection<(int Worker, int Slot)> marks)
    {
        int first = 0;
        int count = program.Workers.Count == 0 ? 0 : program.Workers.Max(w => w.Count);
        if (count > MostColumns)
        {
            int lowest = marks.Count == 0 ? 0 : marks.Min(m => m.Slot);
            int highest = marks.Count == 0 ? 0 : marks.Max(m => m.Slot);
            first = Math.Max(0, Math.Min(lowest - 4, Math.Max(0, highest - MostColumns + 2)));
        }

        int last = Math.Min(count, first + MostColumns);
        var text = new StringBuilder();
        foreach (int worker in Rows(program.Workers.Count, marks))
        {
            var cells = program.Workers[worker];
            text.Append(Invariant($"  worker {worker,2} |")).Append(first > 0 ? " ..." : "");
            for (int slot = first; slot < Math.Min(last, cells.Count); slot++)
            {
                string cell = marks.Contains((worker, slot)) ? "[" + cells[slot] + "]" : " " + cells[slot] + " ";
                text.Append(cell.PadRight(8));
            }

            text.Append(cells.Count > last ? "..." : "");
            while (text[text.Length - 1] == ' ')
            {
                text.Length--;
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<int> Rows(int workers, IReadOnlyCollection<(int Worker, int Slot)> marks) => workers <= MostRows
        ? Enumerable.Range(0, workers)
        : Enumerable.Range(0, workers).Where(worker => marks.Any(mark => Math.Abs(mark.Worker - worker) <= 1)).Take(MostRows);
}
