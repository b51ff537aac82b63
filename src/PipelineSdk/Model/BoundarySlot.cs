namespace PipelineSdk.Model;

/// <summary>One value that crosses a cut.</summary>
/// <param name="Name">
/// The local variable or parameter of <c>forward</c>; behind it, for a part of a tuple or an object, the path to the part, such as
/// <c>input.Mask</c>. The slot <c>input.HasValue</c> says whether a nullable <c>input</c> is there at all.
/// </param>
/// <param name="Type">Its C# type, as written in source, such as <c>Tensor?</c> or <c>long</c>.</param>
/// <param name="Kind">How the runtime treats it.</param>
public sealed record BoundarySlot(string Name, string Type, BoundarySlotKind Kind);
