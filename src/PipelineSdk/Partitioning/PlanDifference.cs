using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Tells in words how a model has changed since a plan for it was made.</summary>
internal static class PlanDifference
{
    /// <summary>The first difference, or null where there is none.</summary>
    /// <param name="plannedModel">The model's class name in the plan.</param>
    /// <param name="planned">The names of its segments in the plan, in order.</param>
    /// <param name="model">The model's class name now.</param>
    /// <param name="now">The names of its segments now, in order.</param>
    public static string? Of(string plannedModel, IReadOnlyList<string> planned, string model, IReadOnlyList<string> now)
    {
        if (model != plannedModel)
        {
            return $"The plan is for the model {plannedModel}, not for {model}.";
        }

        int common = Math.Min(now.Count, planned.Count);
        int first = 0;
        while (first < common && now[first] == planned[first])
        {
            first++;
        }

        return first < common ? At(first, planned, now)
            : now.Count > common
                ? Invariant($"The model has {now.Count} segments, the plan {common}: {Name(now[common])} is not in the plan.")
                : planned.Count > common
                    ? Invariant($"The model has {common} segments, the plan {planned.Count}: {Name(planned[common])} is no longer in the model.")
                    : null;
    }

    private static string At(int segment, IReadOnlyList<string> planned, IReadOnlyList<string> now)
    {
        bool isGone = !now.Contains(planned[segment]);
        bool isNew = !planned.Contains(now[segment]);
        string reason = (isGone, isNew) switch
        {
            (true, true) => "it was renamed or replaced",
            (true, false) => Invariant($"{Name(planned[segment])} is no longer in the model"),
            (false, true) => Invariant($"{Name(now[segment])} is not in the plan"),
            (false, false) => "the order has changed",
        };
        return Invariant($"Segment {segment} is {Name(planned[segment])} in the plan, but {Name(now[segment])} in the model: {reason}.");
    }

    // Segments that use no member have no name.
    private static string Name(string segment) => segment.Length == 0 ? "statements without a member" : $"'{segment}'";
}
