using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Model;
using PipelineSdk.Model;
using PipelineSdk.Partitioning;

namespace PipelineSdk.Generators.Planning;

/// <summary>Reads plan files that are given to the build, as the runtime reads them.</summary>
internal static class PlanReader
{
    public static bool IsPlan(AdditionalText file) => file.Path.EndsWith(PipelinePlan.FileExtension, StringComparison.OrdinalIgnoreCase);

    /// <summary>The plan, or what is wrong with it. Neither for a file that can't be read, which is the compiler's error.</summary>
    public static (PlanModel? Plan, ReportedDiagnostic? Fault) Read(AdditionalText file, CancellationToken cancellation)
    {
        if (file.GetText(cancellation) is not { } text) return default;
        try
        {
            return (Read(file.Path, text.ToString()), null);
        }
        catch (PlanFormatException error)
        {
            return (null, new ReportedDiagnostic(Diagnostic.Create(
                DiagnosticCatalogue.PlanNotRead,
                LocationIn(file.Path, PositionOf(error.Line, error.Column)),
                Path.GetFileName(file.Path),
                error.Message)));
        }
    }

    /// <summary>A place in a file that is no source.</summary>
    public static Location LocationIn(string path, LinePosition position) => Location.Create(path, default, new LinePositionSpan(position, position));

    private static PlanModel Read(string path, string text)
    {
        var plan = PlanFile.Parse(text);
        var model = JsonParser.Parse(text).Property("model");
        return new PlanModel(
            path,
            plan.Profile.Model,
            PositionOf(model.Line, model.Column),
            new PipelineDefaults { Schedule = plan.Schedule.Name, Workers = plan.Shape.Workers, MicroBatches = plan.Shape.MicroBatches },
            plan.Profile.Segments.Select(segment => segment.Name).ToEquatableArray(),
            plan.Stages.SelectMany((stage, number) => Enumerable.Repeat(number, stage.End - stage.Start)).ToEquatableArray());
    }

    private static LinePosition PositionOf(int line, int column) => new(line - 1, column - 1);
}
