using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>A plan's text could not be read. The message names line and column.</summary>
public sealed class PlanFormatException : FormatException
{
    /// <summary>A fault at a place of a text.</summary>
    /// <param name="reason">What was found and what was expected.</param>
    /// <param name="line">The line, counted from 1.</param>
    /// <param name="column">The column, counted from 1.</param>
    public PlanFormatException(string reason, int line, int column)
        : base(Invariant($"Line {line}, column {column}: {reason}"))
    {
        Line = line;
        Column = column;
    }

    /// <summary>The same fault, with the file it is in.</summary>
    internal PlanFormatException(string path, PlanFormatException fault)
        : base(Invariant($"{path}: {fault.Message}"), fault)
    {
        Line = fault.Line;
        Column = fault.Column;
    }

    /// <summary>The line, counted from 1.</summary>
    public int Line { get; }

    /// <summary>The column, counted from 1.</summary>
    public int Column { get; }
}
