namespace PipelineSdk.Generators.Model;

/// <summary>How a segment is divided by the elements of containers.</summary>
/// <param name="Containers">The containers, for people.</param>
/// <param name="Ranges">The ranges that attributes give; none where there is a range per element.</param>
/// <param name="Count">The expression that yields the number of elements from <c>model</c>.</param>
internal sealed record DivisionModel(EquatableArray<string> Containers, EquatableArray<RangeModel> Ranges, string Count);

/// <summary>A range of elements.</summary>
/// <param name="Start">The first element, counted from 0.</param>
/// <param name="End">The first that is left out.</param>
/// <param name="IsLast">Whether the elements end with it.</param>
/// <param name="Stage">Its stage.</param>
internal sealed record RangeModel(int Start, int End, bool IsLast, int Stage);
