using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Proves that a program can be run, before anything runs it.</summary>
/// <remarks>
/// Proved are: every action exactly once, on the worker that owns its stage (the whole backward B, or I and W; none at all where
/// the program has only forwards); no worker's program runs an action before one of its own that it needs; every link hands over
/// micro-batches in the order in which they are taken; versions of the weights are made before they are read, backwards read what
/// their forward read, and no gradient is lost; and no circle of waiting workers with links of the smallest capacity that works.
/// A link leads over one boundary between stages of two workers, in one direction. The cost is linear in the number of actions,
/// times the logarithm of the smallest capacity.
/// </remarks>
public static class ScheduleCheck
{
    /// <summary>Proves a program.</summary>
    /// <returns>What was proved, with the smallest link capacity.</returns>
    /// <exception cref="ScheduleException">The program is wrong; the message shows where.</exception>
    public static ScheduleProof Verify(ScheduleProgram program)
    {
        var index = new ProgramIndex(program);
        CheckOrder(index);
        var versions = WeightVersionCheck.Run(index);
        int capacity = Runs(index, 1, out _) ? 1 : SmallestCapacity(index);
        return new ScheduleProof(
            program, capacity, PeakInFlight(index, ActionKind.WeightGradient), PeakInFlight(index, ActionKind.InputGradient))
        {
            WeightVersions = versions,
        };
    }

    /// <summary>Proves a program for links that hold at most so many messages.</summary>
    /// <param name="program">The program.</param>
    /// <param name="linkCapacity">The messages a link can hold, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is below 1.</exception>
    /// <exception cref="ScheduleException">The program is wrong, or needs larger links; the message shows where.</exception>
    public static ScheduleProof Verify(ScheduleProgram program, int linkCapacity)
    {
        Guard.AtLeast(1, linkCapacity, nameof(linkCapacity), "The link capacity");
        var proof = Verify(program);
        if (proof.LinkCapacity > linkCapacity)
        {
            var index = new ProgramIndex(program);
            Runs(index, linkCapacity, out var stuck);
            throw Stuck(index, stuck, linkCapacity);
        }

        return proof;
    }

    /// <summary>Proves a program without an exception.</summary>
    /// <returns>The proof and no error, or no proof and the error.</returns>
    public static (ScheduleProof? Proof, ScheduleException? Error) TryVerify(ScheduleProgram program)
    {
        try
        {
            return (Verify(program), null);
        }
        catch (ScheduleException error)
        {
            return (null, error);
        }
    }

    /// <summary>Proves what can be seen without running: the order within each worker and over each link.</summary>
    internal static void CheckOrder(ProgramIndex index)
    {
        CheckOwnOrder(index);
        CheckLinkOrder(index);
    }

    private static void CheckOwnOrder(ProgramIndex index)
    {
        for (int id = 0; id < index.Actions.Length; id++)
        {
            int own = index.OwnInputOf(index.Actions[id]);
            int neighbour = index.InputOf(index.Actions[id]);
            bool local = neighbour != ProgramIndex.None && index.WorkerOf(neighbour) == index.WorkerOf(id);
            int late = own > id ? own : local && neighbour > id ? neighbour : ProgramIndex.None;
            if (late != ProgramIndex.None)
            {
                int worker = index.WorkerOf(id);
                throw index.Refuse(
                    ScheduleViolation.DependencyOrder,
                    Invariant($"worker {worker} runs {index.Actions[id]} at slot {index.SlotOf(id)}, but needs {index.Actions[late]} for it, which comes only at slot {index.SlotOf(late)}."),
                    index.Actions[id],
                    (worker, index.SlotOf(id)),
                    (worker, index.SlotOf(late)));
            }
        }
    }

    private static void CheckLinkOrder(ProgramIndex index)
    {
        var taken = new int[2 * index.Stages];
        var order = new int[2 * index.Stages][];
        for (int id = 0; id < index.Actions.Length; id++)
        {
            var action = index.Actions[id];
            int input = index.InputOf(action);
            if (input != ProgramIndex.None && index.WorkerOf(input) != index.WorkerOf(id))
            {
                int link = (2 * action.Stage) + (action.Kind == ActionKind.Forward ? 0 : 1);
                order[link] ??= new int[index.MicroBatches];
                order[link][taken[link]++] = id;
            }
        }

        Array.Clear(taken, 0, taken.Length);
        for (int id = 0; id < index.Actions.Length; id++)
        {
            var action = index.Actions[id];
            int consumer = index.ConsumerOf(action);
            if (consumer == ProgramIndex.None || index.WorkerOf(consumer) == index.WorkerOf(id))
            {
                continue;
            }

            int link = (2 * index.Actions[consumer].Stage) + (action.Kind == ActionKind.Forward ? 0 : 1);
            int expected = order[link][taken[link]++];
            if (expected != consumer)
            {
                int worker = index.WorkerOf(expected);
                throw index.Refuse(
                    ScheduleViolation.LinkOrder,
                    Invariant($"worker {worker} takes its input for {index.Actions[expected]} where stage {action.Stage} hands over that of {index.Actions[consumer]}; a link keeps its order."),
                    index.Actions[expected],
                    (worker, index.SlotOf(expected)),
                    (index.WorkerOf(id), index.SlotOf(id)));
            }
        }
    }

    private static bool Runs(ProgramIndex index, int? capacity, out ScheduleExecution execution)
    {
        execution = new ScheduleExecution(index, NoCosts.Instance, capacity);
        return execution.Run();
    }

    private static int SmallestCapacity(ProgramIndex index)
    {
        if (!Runs(index, null, out var stuck))
        {
            throw Stuck(index, stuck, null);
        }

        int low = 2;
        int high = 2;
        while (high < index.MicroBatches && !Runs(index, high, out _))
        {
            low = high + 1;
            high = Math.Min(2 * high, index.MicroBatches);
        }

        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (Runs(index, middle, out _))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private static int[] PeakInFlight(ProgramIndex index, ActionKind last)
    {
        var peaks = new int[index.Program.Workers.Count];
        for (int worker = 0; worker < peaks.Length; worker++)
        {
            int held = 0;
            for (int id = index.FirstOf(worker); id < index.EndOf(worker); id++)
            {
                var kind = index.Actions[id].Kind;
                held += kind == ActionKind.Forward ? 1 : kind == ActionKind.Backward || kind == last ? -1 : 0;
                peaks[worker] = Math.Max(peaks[worker], held);
                held = index.ForwardOnly ? 0 : held;
            }
        }

        return peaks;
    }

    /// <summary>Every worker that is not done waits for another that is not done: following them leads into a circle.</summary>
    internal static ScheduleException Stuck(ProgramIndex index, ScheduleExecution execution, int? capacity)
    {
        int worker = 0;
        while (execution.NextOf(worker) == index.EndOf(worker))
        {
            worker++;
        }

        var seen = new List<int>();
        while (!seen.Contains(worker))
        {
            seen.Add(worker);
            worker = index.WorkerOf(execution.BlockerOf(worker));
        }

        var circle = seen.Skip(seen.IndexOf(worker)).ToList();
        var steps = circle.Select(w =>
        {
            var action = index.Actions[execution.NextOf(w)];
            var blocker = index.Actions[execution.BlockerOf(w)];
            return execution.WaitsForRoom(w)
                ? Invariant($"worker {w} has run {action} and waits until {blocker} makes room in the link")
                : Invariant($"worker {w} waits before {action} for {blocker}");
        });
        string reason = (capacity is int c ? Invariant($"with links of capacity {c} ") : "") + string.Join("; ", steps) + ".";
        return index.Refuse(
            capacity is null ? ScheduleViolation.Deadlock : ScheduleViolation.LinkCapacity,
            reason,
            index.Actions[execution.NextOf(circle[0])],
            circle.Select(w => (w, index.SlotOf(execution.NextOf(w)))).ToArray());
    }

    private sealed class NoCosts : IExecutionCosts
    {
        public static NoCosts Instance { get; } = new();

        public double DurationOf(PipelineAction action) => 1;

        public double ArrivalOf(PipelineAction action, double sent) => sent;
    }
}
