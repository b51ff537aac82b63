namespace PipelineSdk.Diagnostics;

/// <summary>Finds out why workers did not work, as the simulator does for schedules (IdleAnalysis), from what was recorded.</summary>
/// <remarks>
/// What a worker waited for a sender's work is compared with its wait at the same place under kinder conditions, kindest last; what the wait is
/// longer than in the next kinder run is due to what was taken away there.
/// </remarks>
internal static class IdleAttribution
{
    public static WorkerIdle[] Of(StepTimeline step, TimelineGraph graph, StepReplays runs)
    {
        var lastEnd = graph.Records.Length == 0 ? TimeSpan.Zero : graph.Records.Max(record => record.End);
        var ranges = graph.ByWorker(step.Workers);
        return [.. ranges.Select((range, worker) =>
        {
            var periods = PeriodsOf(worker, range, step.Duration, lastEnd, graph, runs);
            var work = new TimeSpan(graph.Records.AsSpan(range).ToArray().Sum(record => record.Work.Ticks));
            return new WorkerIdle(worker, work, periods.Aggregate(default(MeasuredIdleTime), (sum, period) => sum + period.Time), periods);
        })];
    }

    private static List<MeasuredIdle> PeriodsOf(int worker, Range range, TimeSpan stepEnd, TimeSpan lastEnd, TimelineGraph graph, StepReplays runs)
    {
        var periods = new List<MeasuredIdle>();
        var workEnd = TimeSpan.Zero;
        var slot = 0;
        for (var id = range.Start.Value; id < range.End.Value; id++, slot++)
        {
            var record = graph.Records[id];
            Add(record.Start, BeforeAction(id, graph, runs));
            workEnd = record.WorkEnd;
        }

        var handing = range.End.Value > range.Start.Value ? graph.Records[range.End.Value - 1].HandOver : TimeSpan.Zero;
        Add(stepEnd, new MeasuredIdleTime { LinkFull = handing, Drain = lastEnd - workEnd - handing, Host = stepEnd - lastEnd });
        return periods;

        void Add(TimeSpan end, in MeasuredIdleTime time)
        {
            if (end != workEnd) periods.Add(new MeasuredIdle(worker, slot, workEnd, end, time));
        }
    }

    private static MeasuredIdleTime BeforeAction(int id, TimelineGraph graph, StepReplays runs)
    {
        var record = graph.Records[id];
        var isFirst = graph.Before[id] == TimelineGraph.None;
        var before = isFirst ? default : graph.Records[graph.Before[id]];
        var delays = runs.Delays[id];
        var time = new MeasuredIdleTime { LinkFull = before.HandOver, Host = new TimeSpan(delays.Dispatch) };
        if (graph.Sender[id] == TimelineGraph.None) return time;

        var wait = (record.Start - record.WaitStart).Ticks;
        var transfer = Math.Clamp(delays.Transfer, 0, Math.Max(0, wait));
        var rest = wait - transfer;
        if (isFirst) return time with { Transfer = new TimeSpan(transfer), Fill = new TimeSpan(rest) };

        var inTime = Least(rest, runs.HandedOver);
        var atOnce = Least(inTime, runs.Paused);
        var typical = Least(atOnce, runs.Typical);
        var ordered = Least(typical, runs.Equal);
        return time with
        {
            Host = time.Host + new TimeSpan(rest - inTime),
            Transfer = new TimeSpan(transfer + inTime - atOnce),
            Variation = new TimeSpan(atOnce - typical),
            Imbalance = new TimeSpan(typical - ordered),
            Dependency = new TimeSpan(ordered),
        };

        long Least(long wait, Replay kinder) => Math.Min(wait, (long)Math.Round(kinder.Wait[id]));
    }
}
