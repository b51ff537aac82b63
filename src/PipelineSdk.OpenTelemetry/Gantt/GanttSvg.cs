using System.Text;
using System.Xml;
using PipelineSdk.Diagnostics;
using PipelineSdk.IO;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Draws a step as an SVG picture: a lane per worker, a bar per action labelled with stage, kind and micro-batch (<c>2F0</c>), coloured by micro-batch,
/// pale for forward and dark for backward; waits as dotted lines; figures of the bubble above. Every bar tells its details under the pointer.
/// </summary>
/// <remarks>The picture stands alone (no script, no font, no link) and follows the viewer's light or dark scheme.</remarks>
public static class GanttSvg
{
    /// <summary>Writes a file. It is written aside and renamed: on failure an older file stays as it was.</summary>
    /// <param name="path">The file; its folder is made where it is missing. By habit it ends in <c>.svg</c>.</param>
    /// <param name="step">The step.</param>
    /// <param name="options">How it looks; null for the defaults.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, StepTimeline step, GanttOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(step);
        AtomicFile.Write(path, stream => Write(stream, step, options));
    }

    /// <summary>Writes to a stream, which is left open.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="step">The step.</param>
    /// <param name="options">How it looks; null for the defaults.</param>
    public static void Write(Stream stream, StepTimeline step, GanttOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(step);
        var settings = new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, IndentChars = " ", NewLineChars = "\n" };
        using var xml = XmlWriter.Create(stream, settings);
        new GanttDrawing(new SvgWriter(xml), step, options ?? new GanttOptions()).Draw();
    }
}
