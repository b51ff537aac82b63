namespace PipelineSdk.Partitioning;

/// <summary>Cuts for two stages per worker in the form of a V: the slowest worker as fast as possible, then the slowest
/// stage.</summary>
/// <remarks>
/// Workers are placed from the outside in: the lower run of worker r follows the first r lower runs, its upper run precedes the
/// last r upper runs. For a bound on a worker's time, the table of a level holds every middle [start, end) that can be left over.
/// Only middles that the workers still to come can do within the bound are kept, which near the optimum are few. The least bound
/// is found by bisection.
/// </remarks>
internal sealed class FoldedSolver
{
    private readonly PartitionProblem problem;
    private readonly int workers;
    private readonly int count;
    private readonly long granularity;
    private readonly bool overlapped;
    private readonly bool[][][] middles;
    private readonly int[] nextEnd;
    private long workerBound;
    private long stageBound;

    public FoldedSolver(PartitionProblem problem)
    {
        this.problem = problem;
        workers = problem.Options.Workers;
        count = problem.Count;
        granularity = problem.Granularity;
        overlapped = problem.Options.Transfers == TransferMode.Overlapped;
        middles = new bool[workers][][];
        nextEnd = new int[count + 2];
    }

    /// <summary>Where stages end, or null where nothing fits.</summary>
    public int[]? Solve()
    {
        // A stage alone may not exceed its worker's cap either: where that fails the V does.
        var ends = new StageSolver(problem, problem.Cap).Solve();
        ends = ends is not null && !MeetsCaps(ends) ? Widen() : ends;
        if (ends is null)
        {
            return null;
        }

        long work = problem.Work(0, count);
        ends = Bisect(work / workers, ends, bound => Place(bound, long.MaxValue), WorstWorker);
        long worst = WorstWorker(ends);
        return Bisect(work / (2 * workers), ends, bound => Place(worst, bound), WorstStage);
    }

    /// <summary>Some cut, found with growing bounds because small ones are quick to try.</summary>
    private int[]? Widen()
    {
        long all = Enumerable.Range(1, count).Sum(end => problem.Work(end - 1, end)) + (4 * problem.AllTransfers) + 1;
        for (long bound = Math.Max(1, all / workers); bound < all; bound += Math.Max(1, bound / 4))
        {
            if (Place(bound, long.MaxValue) is { } ends)
            {
                return ends;
            }
        }

        return Place(all, long.MaxValue);
    }

    /// <summary>The cut of the least bound that works, from a cut that does on.</summary>
    private int[] Bisect(long low, int[] known, Func<long, int[]?> place, Func<int[], long> reached)
    {
        long high = reached(known) / granularity;
        low /= granularity;
        while (low < high)
        {
            long middle = low + ((high - low) / 2);
            if (place(middle * granularity) is { } better)
            {
                (known, high) = (better, Math.Min(middle, reached(better) / granularity));
            }
            else
            {
                low = middle + 1;
            }
        }

        return known;
    }

    private long WorstWorker(int[] ends) => problem.WorkerLoads(ends).Max();

    private long WorstStage(int[] ends) =>
        Enumerable.Range(0, ends.Length).Max(stage => problem.Cost(stage, stage == 0 ? 0 : ends[stage - 1], ends[stage]));

    private bool MeetsCaps(int[] ends) => Enumerable.Range(0, workers).All(worker =>
        FitsMemory(worker, worker == 0 ? 0 : ends[worker - 1], ends[worker], ends[Upper(worker) - 1], ends[Upper(worker)]));

    private int Upper(int worker) => (2 * workers) - 1 - worker;

    private int[]? Place(long mostPerWorker, long mostPerStage)
    {
        (workerBound, stageBound) = (mostPerWorker, mostPerStage);
        for (int worker = 0; worker < workers - 1; worker++)
        {
            middles[worker] = Clear(middles[worker]);
            for (int start = worker; start < count; start++)
            {
                if (Ends(worker, start) is { } ends)
                {
                    Extend(worker, start, ends);
                }
            }
        }

        for (int start = workers - 1; start < count; start++)
        {
            for (int end = count; Ends(workers - 1, start) is { } ends && end > start + 1; end--)
            {
                for (int middle = start + 1; ends[end] && middle < end; middle++)
                {
                    if (problem.CanCut(middle) && Fits(workers - 1, start, middle, middle, end))
                    {
                        return Trace(start, middle, end);
                    }
                }
            }
        }

        return null;
    }

    private bool[][] Clear(bool[][]? table)
    {
        table ??= new bool[count + 1][];
        foreach (bool[]? row in table)
        {
            if (row is not null)
            {
                Array.Clear(row, 0, row.Length);
            }
        }

        return table;
    }

    /// <summary>Which ends the middle given to a worker can have for a start; null for none.</summary>
    private bool[]? Ends(int worker, int start)
    {
        if (worker > 0)
        {
            return middles[worker - 1][start];
        }

        var ends = new bool[count + 1];
        ends[count] = true;
        return start == 0 ? ends : null;
    }

    /// <summary>Adds the middles that a worker's runs can leave of those with the given start.</summary>
    private void Extend(int worker, int start, bool[] ends)
    {
        int inner = 2 * (workers - 1 - worker);
        int last = Index(ends);
        int least = 0;
        for (int lowerEnd = start + 1; lowerEnd + inner < last; lowerEnd++)
        {
            if (problem.Work(start, lowerEnd) > Math.Min(workerBound, stageBound) || problem.Bytes(worker, start, lowerEnd) > problem.Cap(worker))
            {
                return;
            }

            if (!problem.CanCut(lowerEnd) || !problem.PinsAllow(worker, start, lowerEnd))
            {
                continue;
            }

            var row = middles[worker][lowerEnd] ??= new bool[count + 1];

            // A middle may not end before the work outside it is what the workers so far can do.
            least = Math.Max(least, lowerEnd + inner);
            while (least < last && (problem.Work(0, lowerEnd) + problem.Work(least, count)) / (worker + 1) > workerBound)
            {
                least++;
            }

            for (int upperStart = least; upperStart < last; upperStart++)
            {
                if (problem.Work(lowerEnd, upperStart) / (workers - 1 - worker) > workerBound)
                {
                    break;
                }

                row[upperStart] = row[upperStart]
                    || (problem.CanCut(upperStart) && FindEnd(worker, start, lowerEnd, upperStart) >= 0);
            }
        }
    }

    /// <summary>Notes for every place the next end from there on; returns the last end.</summary>
    private int Index(bool[] ends)
    {
        int last = -1;
        nextEnd[count + 1] = count + 1;
        for (int end = count; end >= 0; end--)
        {
            nextEnd[end] = ends[end] ? end : nextEnd[end + 1];
            last = ends[end] ? Math.Max(last, end) : last;
        }

        return last;
    }

    /// <summary>An end of the upper run that works, or -1. Where transfers overlap with work a shorter run is always
    /// better.</summary>
    private int FindEnd(int worker, int start, int lowerEnd, int upperStart)
    {
        long room = workerBound - problem.Work(start, lowerEnd);
        int first = Math.Max(upperStart + 1, problem.PinnedUpTo(Upper(worker)));
        for (int end = nextEnd[Math.Min(first, count + 1)]; end <= count && problem.Work(upperStart, end) <= room; end = nextEnd[end + 1])
        {
            if (Fits(worker, start, lowerEnd, upperStart, end))
            {
                return end;
            }

            if (overlapped)
            {
                break;
            }
        }

        return -1;
    }

    private bool Fits(int worker, int start, int lowerEnd, int upperStart, int end)
    {
        int upper = Upper(worker);
        long lowerCost = problem.Cost(worker, start, lowerEnd);
        long upperCost = problem.Cost(upper, upperStart, end);
        long load = overlapped
            ? Math.Max(
                problem.Work(start, lowerEnd) + problem.Work(upperStart, end),
                2 * Math.Max(problem.TransferInto(worker, start), problem.TransferInto(upper, upperStart)))
            : lowerCost + upperCost;
        return load <= workerBound && lowerCost <= stageBound && upperCost <= stageBound
            && FitsMemory(worker, start, lowerEnd, upperStart, end)
            && problem.PinsAllow(worker, start, lowerEnd) && problem.PinsAllow(upper, upperStart, end);
    }

    private bool FitsMemory(int worker, int start, int lowerEnd, int upperStart, int end)
    {
        long cap = problem.Cap(worker);
        long lower = problem.Bytes(worker, start, lowerEnd);
        return lower <= cap && problem.Bytes(Upper(worker), upperStart, end) <= cap - lower;
    }

    /// <summary>Finds the runs that led to the innermost middle [start, end), from the inside out.</summary>
    private int[] Trace(int start, int middle, int end)
    {
        var result = new int[2 * workers];
        result[workers - 1] = middle;
        result[(2 * workers) - 1] = count;
        for (int worker = workers - 2; worker >= 0; worker--)
        {
            result[worker] = start;
            result[Upper(worker) - 1] = end;
            (start, end) = Before(worker, start, end);
        }

        return result;
    }

    private (int Start, int End) Before(int worker, int lowerEnd, int upperStart)
    {
        for (int start = lowerEnd - 1; start >= 0; start--)
        {
            int end = -1;
            if (Ends(worker, start) is { } ends)
            {
                Index(ends);
                end = FindEnd(worker, start, lowerEnd, upperStart);
            }

            if (end >= 0)
            {
                return (start, end);
            }
        }

        throw new InvalidOperationException("A middle in the table has nothing before it.");
    }
}
