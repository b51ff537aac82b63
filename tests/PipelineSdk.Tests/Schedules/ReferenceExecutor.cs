using PipelineSdk.Schedules;

namespace PipelineSdk.Tests.Schedules;

/// <summary>
/// Runs programs in the most obvious way: every worker in turn tries its next action, until none can. Slow, and written without a
/// look at the product's executor, so that the two can be compared.
/// </summary>
internal sealed class ReferenceExecutor
{
    private readonly ScheduleProgram program;
    private readonly Func<PipelineAction, double> duration;
    private readonly double latency;
    private readonly int? capacity;
    private readonly Dictionary<(int Stage, ActionKind Kind, int MicroBatch), double> end = [];
    private readonly Dictionary<(int Stage, bool Forward), Queue<(int MicroBatch, double Arrival)>> links = [];
    private readonly Dictionary<(int Stage, bool Forward), List<double>> taken = [];

    public ReferenceExecutor(ScheduleProgram program, Func<PipelineAction, double> duration, double latency = 0, int? capacity = null)
    {
        this.program = program;
        this.duration = duration;
        this.latency = latency;
        this.capacity = capacity;
    }

    /// <summary>Start and end of every action by worker and slot, or null where some worker waits for ever.</summary>
    public (double Start, double End)[][]? Run()
    {
        var next = new int[program.Workers.Count];
        var sending = new bool[next.Length];
        var free = new double[next.Length];
        var times = program.Workers.Select(actions => new (double Start, double End)[actions.Count]).ToArray();
        bool moved = true;
        while (moved)
        {
            moved = false;
            for (int worker = 0; worker < next.Length; worker++)
            {
                if (next[worker] == times[worker].Length)
                {
                    continue;
                }

                var action = program.Workers[worker][next[worker]];
                if (!sending[worker])
                {
                    if (Ready(action, free[worker]) is not double start)
                    {
                        continue;
                    }

                    times[worker][next[worker]] = (start, start + duration(action));
                    sending[worker] = true;
                    moved = true;
                }

                if (Send(action, times[worker][next[worker]].End) is double handed)
                {
                    free[worker] = handed;
                    sending[worker] = false;
                    next[worker]++;
                    moved = true;
                }
            }
        }

        return next.Select((n, worker) => n == times[worker].Length).All(done => done) ? times : null;
    }

    /// <summary>When an action can start, or null where something it needs is not there. Takes its message.</summary>
    private double? Ready(PipelineAction action, double free)
    {
        bool forward = action.Kind == ActionKind.Forward;
        if (action.Kind is ActionKind.Backward or ActionKind.InputGradient && !end.ContainsKey((action.Stage, ActionKind.Forward, action.MicroBatch)))
        {
            return null;
        }

        if (action.Kind == ActionKind.WeightGradient)
        {
            return end.ContainsKey((action.Stage, ActionKind.InputGradient, action.MicroBatch)) ? free : null;
        }

        if (action.Kind == ActionKind.Update)
        {
            return Gradient(action.Stage, action.MicroBatch, ActionKind.WeightGradient) is null ? null : free;
        }

        int from = forward ? action.Stage - 1 : action.Stage + 1;
        if (from < 0 || from == program.Shape.Stages)
        {
            return free;
        }

        if (program.WorkerOf(from) == program.WorkerOf(action.Stage))
        {
            double? local = forward
                ? end.TryGetValue((from, ActionKind.Forward, action.MicroBatch), out double e) ? e : null
                : Gradient(from, action.MicroBatch, ActionKind.InputGradient);
            return local is null ? null : free;
        }

        if (!links.TryGetValue((from, forward), out var link) || link.Count == 0 || link.Peek().MicroBatch != action.MicroBatch)
        {
            return null;
        }

        double start = Math.Max(free, link.Dequeue().Arrival);
        if (!taken.TryGetValue((from, forward), out var log))
        {
            taken[(from, forward)] = log = [];
        }

        log.Add(start);
        return start;
    }

    /// <summary>When an action's result is handed on, or null where the link is full.</summary>
    private double? Send(PipelineAction action, double ended)
    {
        bool forward = action.Kind == ActionKind.Forward;
        int to = forward ? action.Stage + 1 : action.Stage - 1;
        bool sends = action.Kind is ActionKind.Forward or ActionKind.Backward or ActionKind.InputGradient
            && to >= 0 && to < program.Shape.Stages && program.WorkerOf(to) != program.WorkerOf(action.Stage);
        if (sends)
        {
            if (!links.TryGetValue((action.Stage, forward), out var link))
            {
                links[(action.Stage, forward)] = link = [];
            }

            if (capacity is int c && link.Count >= c)
            {
                return null;
            }

            int sent = link.Count + (taken.TryGetValue((action.Stage, forward), out var log) ? log.Count : 0);
            double handed = capacity is int room && sent >= room ? Math.Max(ended, log![sent - room]) : ended;
            link.Enqueue((action.MicroBatch, handed + latency));
            end[(action.Stage, action.Kind, action.MicroBatch)] = handed;
            return handed;
        }

        end[(action.Stage, action.Kind, action.MicroBatch)] = ended;
        return ended;
    }

    private double? Gradient(int stage, int microBatch, ActionKind split) =>
        end.TryGetValue((stage, ActionKind.Backward, microBatch), out double whole) ? whole
        : end.TryGetValue((stage, split, microBatch), out double part) ? part
        : null;
}
