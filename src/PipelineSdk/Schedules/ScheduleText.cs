using System.Text;

namespace PipelineSdk.Schedules;

/// <summary>Programs as text for people: one worker a line, its actions in order, such as <c>0F0 0F1 0B0 0B1</c>.</summary>
/// <remarks>
/// An action is a stage, a kind (F, B, I, W or U) and a micro-batch, with <c>@</c> and the version of the weights where that is
/// not 0. Blanks separate actions; empty lines, and what follows a <c>#</c>, are left out. Shape and owners follow from the
/// actions.
/// </remarks>
public static class ScheduleText
{
    /// <summary>Writes a program; <see cref="Parse"/> reads it back.</summary>
    public static string Format(ScheduleProgram program)
    {
        Guard.NotNull(program, nameof(program));
        var text = new StringBuilder();
        text.Append("# ").Append(program.ScheduleName.Replace('\r', ' ').Replace('\n', ' ')).Append(": ").Append(program.Shape).Append('\n');
        foreach (var actions in program.Workers)
        {
            text.Append(string.Join(" ", actions)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads a program. It is not proven: see <see cref="ScheduleCheck"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">The schedule's name.</param>
    /// <exception cref="ScheduleFormatException">The text is malformed; the message names line and column.</exception>
    public static ScheduleProgram Parse(string text, string name = "Custom") =>
        new ProgramReader(text, separators: "").Read(Guard.NotNull(name, nameof(name)));
}
