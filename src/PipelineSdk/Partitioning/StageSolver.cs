namespace PipelineSdk.Partitioning;

/// <summary>Cuts so that the slowest stage is as fast as possible; then the next slowest, and so on; then with the fewest bytes
/// over the cuts.</summary>
/// <remarks>
/// Dynamic programming over (stages, segments). The order of such vectors (sorted, slowest first) survives adding the same stage
/// to both, so a best prefix stays best. The first pass finds the slowest stage's time alone; with it as a bound the second keeps
/// whole vectors, for the few prefixes that can still be completed.
/// </remarks>
internal sealed class StageSolver
{
    private const long Impossible = long.MaxValue;
    private readonly PartitionProblem problem;
    private readonly Func<int, long> cap;
    private readonly int stages;
    private readonly int count;

    /// <param name="problem">Segments and options.</param>
    /// <param name="cap">The bytes a stage may hold.</param>
    public StageSolver(PartitionProblem problem, Func<int, long> cap)
    {
        this.problem = problem;
        this.cap = cap;
        stages = problem.Options.Stages;
        count = problem.Count;
    }

    /// <summary>Where stages end, or null where nothing fits.</summary>
    public int[]? Solve()
    {
        // Runs longer than the optimum need not be looked at, so a bound near it makes a pass quick; one that is too small finds nothing.
        long least = Math.Max(1, problem.Work(0, count) / stages);
        long bound = Impossible;
        for (int eighths = 9; bound == Impossible && eighths <= 32; eighths *= 2)
        {
            bound = Bottleneck(least / 8 * eighths);
        }

        bound = bound == Impossible ? Bottleneck(Impossible - 1) : bound;
        return bound == Impossible ? null : Refine(bound);
    }

    /// <summary>The time of the slowest stage, if that is possible without one beyond a bound.</summary>
    private long Bottleneck(long most)
    {
        var best = new long[count + 1];
        var next = new long[count + 1];
        for (int j = 1; j <= count; j++)
        {
            best[j] = Impossible;
        }

        for (int stage = 0; stage < stages; stage++)
        {
            for (int j = 0; j <= count; j++)
            {
                next[j] = CanEnd(stage, j) ? Extend(stage, j, best, most) : Impossible;
            }

            (best, next) = (next, best);
        }

        return best[count];
    }

    private bool CanEnd(int stage, int j)
    {
        int left = stages - 1 - stage;
        return j > stage && (left == 0 ? j == count : count - j >= left && problem.CanCut(j));
    }

    private long Extend(int stage, int j, long[] best, long most)
    {
        long limit = cap(stage);
        long least = Impossible;
        for (int i = j - 1; i >= stage; i--)
        {
            long work = problem.Work(i, j);
            if (work > most || work >= least || (limit != Impossible && problem.Bytes(stage, i, j) > limit))
            {
                break;
            }

            if (best[i] < least && problem.PinsAllow(stage, i, j))
            {
                long cost = Math.Max(best[i], problem.Cost(stage, i, j));
                least = cost <= most ? Math.Min(least, cost) : least;
            }
        }

        return least;
    }

    private int[] Refine(long bound)
    {
        var best = new Prefix?[count + 1];
        best[0] = new Prefix([], 0, null, 0);
        var scratch = new long[stages];
        for (int stage = 0; stage < stages; stage++)
        {
            var next = new Prefix?[count + 1];
            long limit = cap(stage);
            for (int j = stage + 1; j <= count; j++)
            {
                if (!CanEnd(stage, j) || problem.Work(j, count) / Math.Max(1, stages - 1 - stage) > bound || problem.Work(0, j) / (stage + 1) > bound)
                {
                    continue;
                }

                for (int i = j - 1; i >= stage; i--)
                {
                    if (problem.Work(i, j) > bound || (limit != Impossible && problem.Bytes(stage, i, j) > limit))
                    {
                        break;
                    }

                    if (best[i] is not { } prefix || !problem.PinsAllow(stage, i, j))
                    {
                        continue;
                    }

                    long cost = problem.Cost(stage, i, j);
                    if (cost > bound)
                    {
                        continue;
                    }

                    long bytes = prefix.CutBytes + (i == 0 ? 0 : problem.CutBytes(i));
                    Insert(prefix.Costs, cost, scratch);
                    int order = next[j] is { } known ? Compare(scratch, known.Costs) : -1;
                    if (order < 0 || (order == 0 && bytes < next[j]!.CutBytes))
                    {
                        next[j] = new Prefix(scratch.Take(stage + 1).ToArray(), bytes, prefix, j);
                    }
                }
            }

            best = next;
        }

        var ends = new int[stages];
        var at = best[count];
        for (int stage = stages - 1; stage >= 0; stage--)
        {
            ends[stage] = at!.End;
            at = at.Before;
        }

        return ends;
    }

    private static void Insert(long[] sorted, long value, long[] into)
    {
        int i = 0;
        for (; i < sorted.Length && sorted[i] >= value; i++)
        {
            into[i] = sorted[i];
        }

        into[i] = value;
        for (; i < sorted.Length; i++)
        {
            into[i + 1] = sorted[i];
        }
    }

    private static int Compare(long[] candidate, long[] known)
    {
        for (int i = 0; i < known.Length; i++)
        {
            if (candidate[i] != known[i])
            {
                return candidate[i] < known[i] ? -1 : 1;
            }
        }

        return 0;
    }

    /// <summary>A best way to cut the first segments: its stages' costs, slowest first.</summary>
    private sealed record Prefix(long[] Costs, long CutBytes, Prefix? Before, int End);
}
