namespace PipelineSdk.Schedules;

/// <summary>Finds out why workers are idle, by comparison with the same program under kinder costs.</summary>
/// <remarks>
/// Three runs: with the given costs; with links that cost nothing; and with such links and stages that all take the mean time.
/// What a wait before an action is longer than in the second run is due to transfers; what that is longer than in the third is
/// due to imbalance; the rest is due to the schedule's order. Fill, drain and full links are told by their place.
/// </remarks>
internal static class IdleAnalysis
{
    public static IdleInterval[][] Run(ProgramIndex index, ScheduleExecution actual, ScheduleCosts costs, double makespan)
    {
        var freeLinks = Execute(index, costs.WithFreeLinks());
        var balanced = Execute(index, costs.Balanced());
        var result = new IdleInterval[index.Program.Workers.Count][];
        for (int worker = 0; worker < result.Length; worker++)
        {
            var intervals = new List<IdleInterval>();
            int first = index.FirstOf(worker);
            double free = 0;
            for (int id = first; id < index.EndOf(worker); id++)
            {
                double start = actual.Start[id];
                if (start > free)
                {
                    double wait = start - free;
                    var time = id == first
                        ? new IdleTime { Fill = wait }
                        : Divide(wait, Wait(freeLinks, id), Wait(balanced, id));
                    intervals.Add(new IdleInterval(worker, id - first, free, start, time));
                }

                free = actual.Handed[id];
                if (free > actual.End[id])
                {
                    intervals.Add(new IdleInterval(worker, id - first, actual.End[id], free, new IdleTime { LinkFull = free - actual.End[id] }));
                }
            }

            if (makespan > free)
            {
                intervals.Add(new IdleInterval(worker, index.EndOf(worker) - first, free, makespan, new IdleTime { Drain = makespan - free }));
            }

            result[worker] = intervals.ToArray();
        }

        return result;
    }

    private static IdleTime Divide(double wait, double withFreeLinks, double balanced)
    {
        double untilSent = Math.Min(wait, withFreeLinks);
        double ordered = Math.Min(untilSent, balanced);
        return new IdleTime { Transfer = wait - untilSent, Imbalance = untilSent - ordered, Dependency = ordered };
    }

    private static double Wait(ScheduleExecution execution, int id) => execution.Start[id] - execution.Handed[id - 1];

    private static ScheduleExecution Execute(ProgramIndex index, ScheduleCosts costs)
    {
        var execution = new ScheduleExecution(index, new SimulatedTimes(index, costs), capacity: null);
        execution.Run();
        return execution;
    }
}
