using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Model;

/// <summary>What parsing one class yields. The diagnostics carry real source locations and go their own way to the compiler.</summary>
/// <param name="Model">How the class is cut; null where nothing can be emitted into it.</param>
/// <param name="Forward">The statements; null where the class can't be cut.</param>
/// <param name="Diagnostics">What is to be reported.</param>
/// <param name="Cuts">What the cuts carry; reported on request.</param>
/// <param name="Place">Where the class stands; null where another declaration of it carries the attribute too.</param>
internal sealed record ParseResult(
    PipelineModel? Model, ForwardModel? Forward, EquatableArray<ReportedDiagnostic> Diagnostics, EquatableArray<CutReport> Cuts, ClassPlace? Place);
