using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Cuts a model into stages, exactly.</summary>
/// <remarks>
/// <para>With one stage per worker: the slowest stage is as fast as can be; among those cuts the next slowest stage, and so on;
/// among those the fewest bytes over the cuts.</para>
/// <para>With two stages per worker in the form of a V: the slowest worker is as fast as can be; among those cuts the slowest
/// stage.</para>
/// <para>With any other placement, such as the looped one: as with one stage per worker, for the stages. A worker's sum over
/// several runs is not minimised: that contains number partitioning. Caps of workers are met, by equal caps for their stages
/// where they do not hold by themselves.</para>
/// </remarks>
public static class Partitioner
{
    /// <summary>Cuts segments into stages.</summary>
    /// <param name="segments">The segments, in the order in which the model runs them.</param>
    /// <param name="options">What to cut them into.</param>
    /// <exception cref="PartitionException">There is no such cut; the message names the segment that is in the way.</exception>
    public static Partition Solve(IReadOnlyList<SegmentCosts> segments, PartitionOptions options)
    {
        var problem = new PartitionProblem(segments, options);
        CheckEnoughCuts(problem);
        var owners = options.WorkerOfStage;
        bool folded = options.Stages == 2 * options.Workers && options.Stages > 1
            && Enumerable.Range(0, options.Stages).All(stage => owners[stage] == Math.Min(stage, options.Stages - 1 - stage));
        var ends = folded ? new FoldedSolver(problem).Solve()
            : owners.Distinct().Count() == owners.Count ? new StageSolver(problem, problem.Cap).Solve()
            : SolveSharedCaps(problem);
        return ends is null ? throw PartitionFailure.Explain(problem) : new Partition(problem, ends);
    }

    private static void CheckEnoughCuts(PartitionProblem problem)
    {
        int cuts = Enumerable.Range(1, problem.Count - 1).Count(problem.CanCut);
        if (cuts + 1 < problem.Options.Stages)
        {
            throw new PartitionException(
                Invariant($"{problem.Count} segments with {cuts} places to cut make at most {cuts + 1} stages, not {problem.Options.Stages}."));
        }
    }

    /// <summary>Stages of one worker share its cap: solved without a share first, then with ever smaller equal ones.</summary>
    private static int[]? SolveSharedCaps(PartitionProblem problem)
    {
        var ends = new StageSolver(problem, problem.Cap).Solve();
        if (ends is null || problem.Options.MemoryCaps is null || MeetsCaps(problem, ends))
        {
            return ends;
        }

        int most = problem.Options.WorkerOfStage.GroupBy(worker => worker).Max(stages => stages.Count());
        ends = null;
        double low = 1.0 / most;
        double high = 1;
        for (int i = 0; i < 24; i++)
        {
            double share = i == 0 ? low : low + ((high - low) / 2);
            var found = new StageSolver(problem, stage => problem.Cap(stage) == long.MaxValue ? long.MaxValue : (long)(problem.Cap(stage) * share)).Solve();
            bool meets = found is not null && MeetsCaps(problem, found);
            ends = meets ? found : ends;
            (low, high) = meets || found is null ? (share, high) : (low, share);
        }

        return ends;
    }

    private static bool MeetsCaps(PartitionProblem problem, int[] ends) =>
        new Partition(problem, ends).WorkerBytes.Select((bytes, worker) => bytes <= problem.Options.MemoryCaps![worker]).All(fits => fits);
}
