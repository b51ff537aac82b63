using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Says why no cut exists: which segment does not fit, and by how much.</summary>
internal static class PartitionFailure
{
    public static PartitionException Explain(PartitionProblem problem)
    {
        if (problem.Options.MemoryCaps is not null)
        {
            return TooLargeAlone(problem) ?? TooLargeTogether(problem) ?? ByPins(problem);
        }

        return ByPins(problem);
    }

    private static PartitionException? TooLargeAlone(PartitionProblem problem)
    {
        for (int i = 0; i < problem.Count; i++)
        {
            var stages = problem.Segments[i].PinnedStage is int pinned ? [pinned] : Enumerable.Range(0, problem.Options.Stages);
            var (stage, excess) = stages
                .Select(stage => (Stage: stage, Excess: problem.Bytes(stage, i, i + 1) - Math.Min(problem.Bytes(stage, i, i + 1), problem.Cap(stage))))
                .OrderBy(candidate => candidate.Excess).First();
            if (excess > 0)
            {
                return new PartitionException(
                    Invariant($"Segment {i}, '{problem.Segments[i].Name}', alone needs {problem.Bytes(stage, i, i + 1)} bytes as stage {stage}, {excess} more than worker {problem.Options.WorkerOfStage[stage]} can hold. ")
                    + "Raise the cap, use fewer micro-batches in flight, or split the segment.",
                    i,
                    excess);
            }
        }

        return null;
    }

    /// <summary>Fills stage after stage as far as the caps allow; where even that does not reach the end, nothing does.</summary>
    private static PartitionException? TooLargeTogether(PartitionProblem problem)
    {
        int start = 0;
        var held = new long[problem.Options.Workers];
        for (int stage = 0; stage < problem.Options.Stages; stage++)
        {
            int worker = problem.Options.WorkerOfStage[stage];
            int end = start;
            int next = start + 1;
            for (; next <= problem.Count; next++)
            {
                if (problem.Bytes(stage, start, next) > problem.Cap(stage) - held[worker])
                {
                    break;
                }

                end = problem.CanCut(next) ? next : end;
            }

            if (end == problem.Count)
            {
                return null;
            }

            bool last = stage == problem.Options.Stages - 1;
            if (last || end == start)
            {
                int segment = Math.Min(next, problem.Count) - 1;
                long excess = problem.Bytes(stage, start, segment + 1) - (problem.Cap(stage) - held[worker]);
                return new PartitionException(
                    Invariant($"The {problem.Count} segments do not fit: with every stage before it as full as its cap allows, stage {stage} on worker {worker} ")
                    + Invariant($"has no room for segment {segment}, '{problem.Segments[segment].Name}': {excess} bytes too many. Raise the caps or use more workers."),
                    segment,
                    Math.Max(0, excess));
            }

            held[worker] += problem.Bytes(stage, start, end);
            start = end;
        }

        return null;
    }

    private static PartitionException ByPins(PartitionProblem problem)
    {
        var pinned = Enumerable.Range(0, problem.Count).Where(i => problem.Segments[i].PinnedStage is not null).ToList();
        string reason = pinned.Count > 0
            ? "The pinned segments, " + string.Join(", ", pinned.Select(i => Invariant($"{i} '{problem.Segments[i].Name}' to stage {problem.Segments[i].PinnedStage}")))
                + ", leave too few segments or places to cut between them"
                + (problem.Options.MemoryCaps is null ? "." : ", or too little memory.")
            : "The memory caps and the places that cannot be cut leave no way to cut.";
        return new PartitionException(
            Invariant($"There is no cut into {problem.Options.Stages} stages. {reason}"), pinned.Count > 0 ? pinned[0] : -1);
    }
}
