using static System.FormattableString;

namespace PipelineSdk.Model;

/// <summary>Names ranges of elements, at run time and where the generator compares a plan with them.</summary>
internal static class RangeName
{
    /// <summary><c>blocks[2]</c>, <c>blocks[0..3]</c>, or <c>blocks</c> for all elements, for each container.</summary>
    /// <param name="containers">The members whose elements are run together.</param>
    /// <param name="start">The first element, counted from 0.</param>
    /// <param name="end">The first element that is left out; <see cref="int.MaxValue"/> for all that follow.</param>
    public static string Of(IEnumerable<string> containers, int start, int end) => string.Join(
        ", ",
        start == 0 && end == int.MaxValue
            ? containers
            : containers.Select(name => end == start + 1 ? Invariant($"{name}[{start}]") : Invariant($"{name}[{start}..{end}]")));
}
