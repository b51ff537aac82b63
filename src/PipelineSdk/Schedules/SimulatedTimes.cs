namespace PipelineSdk.Schedules;

/// <summary>Times of actions and messages as the simulator's costs have them.</summary>
internal sealed class SimulatedTimes : IExecutionCosts
{
    private readonly double[] durations;
    private readonly double[] messages;
    private readonly double[] linkFree;
    private readonly int[] linkOf;
    private readonly int kinds;
    private readonly double latency;

    public SimulatedTimes(ProgramIndex index, ScheduleCosts costs)
    {
        kinds = (int)ActionKind.Update + 1;
        latency = costs.LinkLatency;
        durations = new double[index.Stages * kinds];
        messages = new double[index.Stages];
        (linkOf, int links) = double.IsInfinity(costs.LinkBandwidth) ? ([], 0) : Links(index);
        linkFree = new double[links];
        for (int stage = 0; stage < messages.Length; stage++)
        {
            messages[stage] = costs.Stages[stage].OutputBytes / costs.LinkBandwidth;
            for (int kind = 0; kind < kinds; kind++)
            {
                durations[(stage * kinds) + kind] = costs.Stages[stage].Of((ActionKind)kind);
            }
        }
    }

    public double DurationOf(PipelineAction action) => durations[(action.Stage * kinds) + (int)action.Kind];

    public double ArrivalOf(PipelineAction action, double sent)
    {
        if (linkFree.Length == 0)
        {
            return sent + latency;
        }

        // What travels back over a boundary is the gradient of what travelled forth.
        int boundary = action.Kind == ActionKind.Forward ? action.Stage : action.Stage - 1;
        ref double free = ref linkFree[linkOf[(2 * boundary) + (action.Kind == ActionKind.Forward ? 0 : 1)]];
        free = Math.Max(free, sent) + messages[boundary];
        return free + latency;
    }

    /// <summary>The link of each boundary and direction: one from every worker to every other it sends to.</summary>
    private static (int[] LinkOf, int Count) Links(ProgramIndex index)
    {
        var links = new Dictionary<(int From, int To), int>();
        var linkOf = new int[2 * index.Stages];
        for (int boundary = 0; boundary + 1 < index.Stages; boundary++)
        {
            int lower = index.Program.WorkerOf(boundary);
            int upper = index.Program.WorkerOf(boundary + 1);
            linkOf[2 * boundary] = Link(lower, upper);
            linkOf[(2 * boundary) + 1] = Link(upper, lower);
        }

        return (linkOf, links.Count);

        int Link(int from, int to)
        {
            if (!links.TryGetValue((from, to), out int link))
            {
                links.Add((from, to), link = links.Count);
            }

            return link;
        }
    }
}
