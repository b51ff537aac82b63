namespace PipelineSdk.Model;

/// <summary>Walks over a range of the elements of a user's container, in place: no slice is made and nothing is owned.</summary>
public static class ElementRange
{
    /// <summary>Elements <paramref name="start"/> up to, not including, <paramref name="end"/>; called by generated code.</summary>
    /// <param name="items">What the user's loop walks over.</param>
    /// <param name="start">The first element, counted from 0.</param>
    /// <param name="end">The first element that is left out; <see cref="int.MaxValue"/> for all that follow.</param>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items, int start, int end)
    {
        ArgumentNullException.ThrowIfNull(items);
        return items.Skip(start).Take(end - start);
    }

    /// <summary>Checks that a container has the elements that <c>[PipelineStages]</c> places.</summary>
    /// <param name="name">The member.</param>
    /// <param name="count">How many elements it has.</param>
    /// <param name="end">The end of a stage's range; <see cref="int.MaxValue"/> where the attribute gives no counts.</param>
    /// <param name="isLast">Whether the range is to end where the container ends.</param>
    internal static void Check(string name, int count, int end, bool isLast)
    {
        if (end == int.MaxValue || (isLast ? count == end : count >= end)) return;
        throw new InvalidOperationException(
            $"The stages of '{name}' end after element {end - 1}, but it has {count} element(s). Make the counts of "
            + $"[PipelineStages] add up to {count}, or make the plan in the build anew.");
    }
}
