namespace PipelineSdk.Generators.Model;

/// <summary>A parameter of <c>forward</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type, fully qualified.</param>
/// <param name="Local">A name for a local variable in generated code, escaped.</param>
/// <param name="Stores">The assignments that put the local into the fields of the boundary <c>bound</c>.</param>
internal sealed record ParameterModel(string Name, string Type, string Local, EquatableArray<string> Stores);
