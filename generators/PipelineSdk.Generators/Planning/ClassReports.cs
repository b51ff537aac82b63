using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Planning;

/// <summary>What there is to say of a class that was cut: of its plan, and of the arguments of its <c>[Pipeline]</c>.</summary>
internal static class ClassReports
{
    public static IEnumerable<PlacedReport> Of(PipelineModel model, ClassPlace place, EquatableArray<PlanModel> plans)
    {
        var planned = PlanApplication.Apply(model, plans);
        return planned is { Plan: { } plan, Reason: { } reason }
            ? [new PlacedReport(DiagnosticCatalogue.PlanDoesNotFit, place.FilePath, place.Identifier, new EquatableArray<string>([place.Name, plan.File, reason]))]
            : ScheduleArguments.Check(planned.Model, place);
    }
}
