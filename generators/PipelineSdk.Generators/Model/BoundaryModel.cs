namespace PipelineSdk.Generators.Model;

/// <summary>One boundary class.</summary>
/// <param name="TypeName">Its name.</param>
/// <param name="Summary">Its XML documentation.</param>
/// <param name="Slots">Its fields.</param>
internal sealed record BoundaryModel(string TypeName, string Summary, EquatableArray<SlotModel> Slots);
