using System.Text;

namespace PipelineSdk.Schedules;

/// <summary>Programs as the compute-only CSV files of PyTorch's <c>torch.distributed.pipelining</c>: one rank a row, one action a
/// cell.</summary>
/// <remarks>
/// Empty cells, PyTorch's idle slots, are left out; an overlapped pair, <c>(0F3;7B1)OVERLAP_F_B</c>, is read as its parts one
/// after the other. Files with communication (<c>SEND_F</c>, <c>RECV_B</c>, ...) are refused.
/// </remarks>
public static class PyTorchScheduleCsv
{
    /// <summary>Writes a program so that PyTorch can load it.</summary>
    /// <exception cref="ArgumentException">The program steps optimizers or reads versions of the weights, for which PyTorch has
    /// no notation.</exception>
    public static string Format(ScheduleProgram program)
    {
        Guard.NotNull(program, nameof(program));
        if (program.IsAsynchronous)
        {
            throw new ArgumentException(
                $"The schedule '{program.ScheduleName}' updates weights within the program; PyTorch's CSV has no notation for that. Use ScheduleText.",
                nameof(program));
        }

        var text = new StringBuilder();
        foreach (var actions in program.Workers)
        {
            text.Append(string.Join(",", actions)).Append("\r\n");
        }

        return text.ToString();
    }

    /// <summary>Reads a program. It is not proven: see <see cref="ScheduleCheck"/>.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="name">The schedule's name.</param>
    /// <exception cref="ScheduleFormatException">The text is malformed, or has other than compute actions; the message names line
    /// and column.</exception>
    public static ScheduleProgram Parse(string text, string name = "Custom") =>
        new ProgramReader(text, separators: ",").Read(Guard.NotNull(name, nameof(name)));
}
