using System.Net;
using System.Text;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Puts the page together: its frame, style sheets and scripts, which are resources of this assembly, and the run's data.</summary>
internal static class ReportPage
{
    /// <summary>The modules of the page's own script, each after those that it imports.</summary>
    private static readonly string[] Modules =
        ["format.js", "colors.js", "timeline.js", "unpack.js", "gantt.js", "gantt-view.js", "tables.js", "plots.js", "main.js"];

    public static void Write(Stream stream, TrainingLog run, ReportOptions options)
    {
        using var page = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        StepExplanation[] explanations = [.. run.Timelines.Select(step => step.Explain())];
        var frame = Resource("report.html");
        for (var at = 0; at < frame.Length;)
        {
            var open = frame.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0) open = frame.Length;
            page.Write(frame.AsSpan(at, open - at));
            if (open == frame.Length) break;
            var close = frame.IndexOf("}}", open, StringComparison.Ordinal);
            WritePart(page, frame[(open + 2)..close], run, explanations, options);
            at = close + 2;
        }
    }

    private static void WritePart(StreamWriter page, string part, TrainingLog run, StepExplanation[] explanations, ReportOptions options)
    {
        switch (part)
        {
            case "TITLE":
                page.Write(WebUtility.HtmlEncode(PlainText.Of(ReportData.TitleOf(run, options))));
                break;
            case "STYLE":
                page.Write(Resource("report.css"));
                break;
            case "UPLOT_CSS":
                page.Write(Resource("uPlot.min.css"));
                break;
            case "UPLOT_JS":
                page.Write($"/*\nuPlot 1.6.32\n\n{Resource("LICENSE")}*/\n{Resource("uPlot.iife.min.js")}");
                break;
            case "SCRIPT":
                foreach (var module in Modules) page.Write($"// {module}\n{WithoutImports(Resource(module))}\n");
                break;
            case "DATA":
                page.Write(ReportData.Json(run, explanations, options));
                break;
            case "TIMELINES":
                WriteTimelines(page, explanations);
                break;
            default:
                throw new InvalidOperationException($"The page's frame asks for '{part}', which is not known.");
        }
    }

    private static void WriteTimelines(StreamWriter page, StepExplanation[] explanations)
    {
        for (var index = 0; index < explanations.Length; index++)
        {
            page.Write($"<script type=\"text/plain\" id=\"timeline-{index}\">");
            page.Write(PackedTimeline.Base64(explanations[index]));
            page.Write("</script>\n");
        }
    }

    /// <summary>All modules share one scope in the page, so that it opens from a file: browsers refuse to import from there.</summary>
    private static string WithoutImports(string module)
    {
        var lines = module.Split('\n').Where(line => !line.StartsWith("import ", StringComparison.Ordinal));
        return string.Join('\n', lines.Select(line => line.StartsWith("export ", StringComparison.Ordinal) ? line["export ".Length..] : line));
    }

    private static string Resource(string name)
    {
        using var stream = typeof(ReportPage).Assembly.GetManifestResourceStream($"report/{name}")
            ?? throw new InvalidOperationException($"The resource report/{name} is missing from the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
