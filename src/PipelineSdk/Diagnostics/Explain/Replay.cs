namespace PipelineSdk.Diagnostics;

/// <summary>One run of a step's program on paper, in ticks. Whole numbers of ticks stay whole: sums of doubles are exact up to 2^53.</summary>
internal sealed class Replay
{
    private Replay(int count)
    {
        Start = new double[count];
        WorkEnd = new double[count];
        Wait = new double[count];
    }

    /// <summary>When each action began.</summary>
    public double[] Start { get; }

    /// <summary>When each action's work was done.</summary>
    public double[] WorkEnd { get; }

    /// <summary>How long each action's worker waited for the sender to finish its work.</summary>
    public double[] Wait { get; }

    /// <summary>When the last action's result had been handed over.</summary>
    public double Makespan { get; private set; }

    /// <summary>Runs every action as soon as its worker is free and its input is there.</summary>
    /// <param name="graph">The actions and what they wait for.</param>
    /// <param name="work">How long each works.</param>
    /// <param name="delays">What else takes time; null for nothing.</param>
    public static Replay Run(TimelineGraph graph, Func<int, double> work, Func<int, Delays>? delays = null)
    {
        var run = new Replay(graph.Records.Length);
        var free = new double[graph.Records.Length];
        foreach (var id in graph.Order)
        {
            var delay = delays?.Invoke(id) ?? default;
            var before = graph.Before[id];
            var sender = graph.Sender[id];
            var turn = (before == TimelineGraph.None ? 0 : free[before]) + delay.Dispatch;
            var sent = sender == TimelineGraph.None ? 0 : run.WorkEnd[sender];
            run.Wait[id] = Math.Max(0, sent - turn);
            run.Start[id] = Math.Max(turn, sent) + delay.Transfer;
            run.WorkEnd[id] = run.Start[id] + work(id);
            free[id] = run.WorkEnd[id] + delay.HandOver;
            run.Makespan = Math.Max(run.Makespan, free[id]);
        }

        return run;
    }

    /// <summary>What takes time around an action's work, in ticks.</summary>
    /// <param name="Dispatch">From the end of the worker's last action, or the start of the step, until it turned to this one.</param>
    /// <param name="Transfer">From when the worker waited and the sender's work was done until this one's work began.</param>
    /// <param name="HandOver">From the end of its work until its result had been handed over.</param>
    public readonly record struct Delays(long Dispatch, long Transfer, long HandOver)
    {
        /// <summary>The delays of an action as they were recorded: with them and the recorded work the run is the step itself.</summary>
        public static Delays Of(TimelineGraph graph, int id)
        {
            var record = graph.Records[id];
            var free = graph.Before[id] == TimelineGraph.None ? TimeSpan.Zero : graph.Records[graph.Before[id]].End;
            if (graph.Sender[id] == TimelineGraph.None) return new Delays((record.Start - free).Ticks, 0, record.HandOver.Ticks);
            var sent = graph.Records[graph.Sender[id]].WorkEnd;
            var ready = sent > record.WaitStart ? sent : record.WaitStart;
            return new Delays((record.WaitStart - free).Ticks, (record.Start - ready).Ticks, record.HandOver.Ticks);
        }
    }
}
