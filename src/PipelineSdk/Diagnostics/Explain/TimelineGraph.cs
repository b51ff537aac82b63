using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>The actions of a step, and what each had to wait for: the one before it on its worker, and the one that sent its input from another worker.</summary>
internal sealed class TimelineGraph
{
    public const int None = -1;

    private readonly int[] order;

    public TimelineGraph(StepTimeline step)
    {
        Records = [.. step.Actions.OrderBy(record => record.Worker)]; // stable: each worker's stay in order
        var idOf = new Dictionary<PipelineAction, int>(Records.Length);
        for (var id = 0; id < Records.Length; id++) idOf[Records[id].Action with { WeightVersion = 0 }] = id;
        Before = new int[Records.Length];
        Sender = new int[Records.Length];
        for (var id = 0; id < Records.Length; id++)
        {
            Before[id] = id > 0 && Records[id - 1].Worker == Records[id].Worker ? id - 1 : None;
            var sender = SenderOf(Records[id].Action with { WeightVersion = 0 }, idOf);
            // Within a worker nothing is sent: the order of its program is enough.
            Sender[id] = sender != None && Records[sender].Worker != Records[id].Worker ? sender : None;
        }

        order = Sort(step);
    }

    /// <summary>All actions, worker by worker, each worker's in the order it ran them. The index is the action's id here.</summary>
    public ActionRecord[] Records { get; }

    /// <summary>The action before on the same worker, or <see cref="None"/>.</summary>
    public int[] Before { get; }

    /// <summary>The action on another worker that sent the input, or <see cref="None"/>.</summary>
    public int[] Sender { get; }

    /// <summary>All ids, each after those that it waits for.</summary>
    public ReadOnlySpan<int> Order => order;

    /// <summary>The ids of each worker's actions; empty for a worker that ran none.</summary>
    public Range[] ByWorker(int workers)
    {
        var ranges = new Range[workers];
        Array.Fill(ranges, 0..0);
        for (var first = 0; first < Records.Length;)
        {
            var end = first;
            while (end < Records.Length && Records[end].Worker == Records[first].Worker) end++;
            ranges[Records[first].Worker] = first..end;
            first = end;
        }

        return ranges;
    }

    private static int SenderOf(PipelineAction action, Dictionary<PipelineAction, int> idOf)
    {
        if (action.Kind == ActionKind.Forward) return Find(action with { Stage = action.Stage - 1 });
        if (action.Kind is not (ActionKind.Backward or ActionKind.InputGradient)) return None;
        var whole = Find(action with { Stage = action.Stage + 1, Kind = ActionKind.Backward });
        return whole != None ? whole : Find(action with { Stage = action.Stage + 1, Kind = ActionKind.InputGradient });

        int Find(PipelineAction sender) => idOf.TryGetValue(sender, out var id) ? id : None;
    }

    private int[] Sort(StepTimeline step)
    {
        var sorted = new int[Records.Length];
        var done = new bool[Records.Length];
        var waitsFor = new int[Records.Length];
        Array.Fill(waitsFor, None);
        var ranges = ByWorker(step.Workers);
        var next = Array.ConvertAll(ranges, range => range.Start.Value);
        var ready = new Stack<int>(Enumerable.Range(0, step.Workers).Reverse());
        var count = 0;
        while (ready.TryPop(out var worker))
        {
            for (; next[worker] < ranges[worker].End.Value; next[worker]++)
            {
                var id = next[worker];
                if (Sender[id] != None && !done[Sender[id]])
                {
                    waitsFor[Sender[id]] = worker;
                    break;
                }

                done[id] = true;
                sorted[count++] = id;
                if (waitsFor[id] != None) ready.Push(waitsFor[id]);
            }
        }

        if (count == sorted.Length) return sorted;
        var stuck = Records[Array.IndexOf(done, false)];
        throw new InvalidOperationException(
            $"The timeline of step {step.Step} of '{step.Pipeline}' cannot be explained: its workers wait for each other in a circle, worker {stuck.Worker} before "
            + $"{stuck.Action}. A pipeline records no such thing; were its actions put in another order?");
    }
}
