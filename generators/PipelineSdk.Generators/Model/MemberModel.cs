namespace PipelineSdk.Generators.Model;

/// <summary>A submodule, parameter or buffer that a segment uses.</summary>
/// <param name="StateName">Its name in the model's <c>state_dict</c>.</param>
/// <param name="Access">The expression that yields it from <c>model</c>.</param>
/// <param name="Start">The first element used of a split container.</param>
/// <param name="Count">How many elements are used; 0 for the whole member.</param>
internal sealed record MemberModel(string StateName, string Access, int Start, int Count);
