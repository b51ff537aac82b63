using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Planning;

/// <summary>A model with the stages of its plan.</summary>
/// <param name="Model">The model; as its attributes have it where there is no plan that fits.</param>
/// <param name="Plan">The plan that does not fit, or null.</param>
/// <param name="Reason">Why it does not.</param>
internal sealed record PlannedModel(PipelineModel Model, PlanModel? Plan, string? Reason);
