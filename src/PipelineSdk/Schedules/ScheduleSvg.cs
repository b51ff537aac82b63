using System.Globalization;
using System.Text;
using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Draws a simulated step as an SVG picture: a row for every worker, a box for every action with its micro-batch's
/// number.</summary>
/// <remarks>The text is the same for the same simulation. Boxes of a worker's later stages are darker.</remarks>
public static class ScheduleSvg
{
    private const double Left = 70;
    private const double Top = 34;
    private const double Row = 26;
    private const double Gap = 4;
    private const double Width = 900;
    private static readonly ActionKind[] Kinds =
        [ActionKind.Forward, ActionKind.Backward, ActionKind.InputGradient, ActionKind.WeightGradient, ActionKind.Update];

    /// <summary>Draws a step.</summary>
    public static string Draw(ScheduleSimulation simulation)
    {
        Guard.NotNull(simulation, nameof(simulation));
        var program = simulation.Program;
        int workers = simulation.Workers.Count;
        double scale = simulation.Makespan > 0 ? Width / simulation.Makespan : 0;
        double height = Top + (workers * (Row + Gap)) + 44;
        var svg = new StringBuilder();
        svg.Append($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Number(Left + Width + 16)} {Number(height)}\" ")
            .Append("font-family=\"system-ui, sans-serif\" font-size=\"11\" role=\"img\">\n");
        svg.Append($"  <title>{Escape(Title(simulation))}</title>\n");
        svg.Append($"  <rect width=\"{Number(Left + Width + 16)}\" height=\"{Number(height)}\" fill=\"#ffffff\"/>\n");
        Text(svg, 10, 20, "start", "#111111", Title(simulation), " font-size=\"13\" font-weight=\"600\"");
        for (int worker = 0; worker < workers; worker++)
        {
            double y = Top + (worker * (Row + Gap));
            Text(svg, 10, y + 17, "start", "#333333", Invariant($"worker {worker}"));
            svg.Append($"  <rect x=\"{Number(Left)}\" y=\"{Number(y)}\" width=\"{Number(Width)}\" height=\"{Number(Row)}\" fill=\"#eef0f2\"/>\n");
            foreach (var action in simulation.Workers[worker])
            {
                Box(svg, program, action, scale, y);
            }
        }

        Legend(svg, simulation, Top + (workers * (Row + Gap)) + 8);
        return svg.Append("</svg>\n").ToString();
    }

    private static string Title(ScheduleSimulation simulation) => Invariant(
        $"{simulation.Program.ScheduleName}: {simulation.Program.Shape}; makespan {Math.Round(simulation.Makespan, 3)}, flush bubble {100 * simulation.FlushBubbleFraction:0.0} %");

    private static void Box(StringBuilder svg, ScheduleProgram program, SimulatedAction action, double scale, double y)
    {
        double x = Left + (action.Start * scale);
        double width = (action.End - action.Start) * scale;
        if (width <= 0)
        {
            return;
        }

        int chunk = 0;
        for (int stage = 0; stage < action.Action.Stage; stage++)
        {
            chunk += program.WorkerOf(stage) == action.Worker ? 1 : 0;
        }

        svg.Append($"  <rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(width)}\" height=\"{Number(Row)}\" ")
            .Append($"fill=\"{Fill(action.Action.Kind, chunk)}\" stroke=\"#ffffff\" stroke-width=\"0.8\"><title>")
            .Append(action.Action).Append("</title></rect>\n");
        string label = action.Action.MicroBatch.ToString(CultureInfo.InvariantCulture);
        if (width >= 7 * label.Length)
        {
            Text(svg, x + (width / 2), y + 17, "middle", "#ffffff", label);
        }
    }

    private static void Legend(StringBuilder svg, ScheduleSimulation simulation, double y)
    {
        var used = new HashSet<ActionKind>(simulation.Workers.SelectMany(actions => actions).Select(action => action.Action.Kind));
        double x = Left;
        foreach (var kind in Kinds.Where(used.Contains))
        {
            svg.Append($"  <rect x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"12\" height=\"12\" fill=\"{Fill(kind, 0)}\"/>\n");
            string name = kind switch
            {
                ActionKind.Forward => "F forward",
                ActionKind.Backward => "B backward",
                ActionKind.InputGradient => "I input gradient",
                ActionKind.WeightGradient => "W weight gradient",
                _ => "U update",
            };
            Text(svg, x + 17, y + 10, "start", "#333333", name);
            x += 40 + (6.5 * name.Length);
        }
    }

    private static string Fill(ActionKind kind, int chunk)
    {
        var (red, green, blue) = kind switch
        {
            ActionKind.Forward => (61, 119, 190),
            ActionKind.Backward => (56, 142, 90),
            ActionKind.InputGradient => (0, 139, 139),
            ActionKind.WeightGradient => (186, 122, 32),
            _ => (176, 58, 72),
        };
        double shade = Math.Max(0.4, 1 - (0.22 * chunk));
        return Invariant($"#{(int)(red * shade):x2}{(int)(green * shade):x2}{(int)(blue * shade):x2}");
    }

    private static void Text(StringBuilder svg, double x, double y, string anchor, string fill, string text, string more = "") =>
        svg.Append($"  <text x=\"{Number(x)}\" y=\"{Number(y)}\" text-anchor=\"{anchor}\" fill=\"{fill}\"{more}>{Escape(text)}</text>\n");

    private static string Escape(string text) =>
        new StringBuilder(text).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;").ToString();

    private static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
