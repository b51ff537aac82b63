using System.Text;

namespace PipelineSdk.Generators.Emitter;

/// <summary>Writes indented source with <c>\n</c> line ends.</summary>
internal sealed class SourceWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    /// <summary>The columns of the current indentation.</summary>
    public int Indentation => depth * 4;

    public void Line(string line = "")
    {
        if (line.Length > 0) text.Append(' ', Indentation).Append(line);
        text.Append('\n');
    }

    /// <summary>Writes lines as they are, without indentation: directives, and text whose columns count.</summary>
    public void Raw(string line) => text.Append(line).Append('\n');

    /// <summary>Writes several lines, each indented.</summary>
    public void Lines(string lines)
    {
        foreach (var line in lines.Replace("\r\n", "\n").Split('\n')) Line(line);
    }

    public void Open(string? header = null)
    {
        if (header is not null) Line(header);
        Line("{");
        depth++;
    }

    public void Close(string end = "}")
    {
        depth--;
        Line(end);
    }

    public void Indent() => depth++;

    public void Unindent() => depth--;

    public override string ToString() => text.ToString();
}
