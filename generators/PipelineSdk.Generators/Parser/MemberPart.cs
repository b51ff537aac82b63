namespace PipelineSdk.Generators.Parser;

/// <summary>A member, or a range of its elements, that a step uses.</summary>
/// <param name="Member">The member.</param>
/// <param name="Start">The first element used of a split container.</param>
/// <param name="Count">How many elements; 0 for the whole member.</param>
internal sealed record MemberPart(ModelMember Member, int Start = 0, int Count = 0);
