using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Planning;

/// <summary>Finds plans for classes that the project has not, such as one that was renamed.</summary>
internal static class OrphanPlans
{
    public static IEnumerable<ReportedDiagnostic> Find(EquatableArray<PlanModel> plans, EquatableArray<string> classes)
        => plans.Where(plan => !classes.Contains(plan.Model)).Select(plan => new ReportedDiagnostic(Diagnostic.Create(
            DiagnosticCatalogue.PlanDoesNotFit,
            PlanReader.LocationIn(plan.Path, plan.Place),
            plan.Model,
            plan.File,
            "This project has no [Pipeline] class of that name. Correct the name, make the plan anew, or take it out of the build.")));
}
