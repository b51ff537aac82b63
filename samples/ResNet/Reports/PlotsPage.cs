using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using ResNet.Training;

namespace ResNet.Reports;

/// <summary>
/// Loss curve, epoch times and total times as one page that stands alone: the charts are drawn by uPlot, which is written into the page.
/// </summary>
internal static class PlotsPage
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static void Write(string path, Comparison result, string caption)
    {
        var page = Resource("plots.html")
            .Replace("/*UPLOT_LICENSE*/", $"/*\nuPlot 1.6.32\n\n{Resource("uplot/LICENSE")}*/", StringComparison.Ordinal)
            .Replace("/*UPLOT_CSS*/", Resource("uplot/uPlot.min.css"), StringComparison.Ordinal)
            .Replace("/*UPLOT_JS*/", Resource("uplot/uPlot.iife.min.js"), StringComparison.Ordinal)
            .Replace("/*DATA*/", JsonSerializer.Serialize(Data(result, caption), Options), StringComparison.Ordinal);
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
    }

    private static PlotData Data(Comparison result, string caption) => new(
        caption, [Series(result.Sequential), Series(result.Pipeline)]);

    private static PlotSeries Series(RunResult run) => new(
        run.Name, run.Steps.Select(step => step.Loss), run.Epochs.Select(epoch => epoch.Seconds), run.TotalSeconds);

    private static string Resource(string name)
    {
        using var stream = typeof(PlotsPage).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed record PlotData(string Caption, IReadOnlyList<PlotSeries> Runs);

    private sealed record PlotSeries(string Name, IEnumerable<double> Losses, IEnumerable<double> EpochSeconds, double TotalSeconds);
}
