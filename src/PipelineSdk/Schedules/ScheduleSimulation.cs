namespace PipelineSdk.Schedules;

/// <summary>One step as the simulator ran it. Times are in the unit of the costs.</summary>
public sealed class ScheduleSimulation
{
    private readonly ProgramIndex index;
    private readonly ScheduleExecution execution;
    private IdleInterval[][]? idle;
    private IdleTime[]? idleTime;

    internal ScheduleSimulation(ProgramIndex index, ScheduleExecution execution, ScheduleCosts costs)
    {
        this.index = index;
        this.execution = execution;
        Costs = costs;
        var workers = new SimulatedAction[index.Program.Workers.Count][];
        var busy = new double[workers.Length];
        var span = new double[workers.Length];
        for (int worker = 0; worker < workers.Length; worker++)
        {
            int first = index.FirstOf(worker);
            workers[worker] = new SimulatedAction[index.EndOf(worker) - first];
            for (int slot = 0; slot < workers[worker].Length; slot++)
            {
                int id = first + slot;
                workers[worker][slot] = new(worker, slot, index.Actions[id], execution.Start[id], execution.End[id]);
                busy[worker] += execution.End[id] - execution.Start[id];
                Makespan = Math.Max(Makespan, execution.End[id]);
                span[worker] = execution.End[id] - execution.Start[first];
            }
        }

        Workers = workers;
        Busy = busy;
        FlushBubble = Array.ConvertAll(busy, time => Makespan - time);
        SpanBubble = span.Select((time, worker) => time - busy[worker]).ToArray();
        PeakActivationBytes = MemoryFigures.PeakActivations(index, costs);
        PeakBytes = MemoryFigures.Weights(index, costs).Select((weights, worker) => weights + PeakActivationBytes[worker]).ToArray();
    }

    /// <summary>The program that ran.</summary>
    public ScheduleProgram Program => index.Program;

    /// <summary>The costs it ran with.</summary>
    public ScheduleCosts Costs { get; }

    /// <summary>Each worker's actions, in order.</summary>
    public IReadOnlyList<IReadOnlyList<SimulatedAction>> Workers { get; }

    /// <summary>From the start to the end of the last action.</summary>
    public double Makespan { get; }

    /// <summary>For each worker, the time it worked.</summary>
    public IReadOnlyList<double> Busy { get; }

    /// <summary>For each worker, the makespan less the time it worked: what a step with a synchronous optimizer loses.</summary>
    public IReadOnlyList<double> FlushBubble { get; }

    /// <summary>The flush bubble of all workers as a share of all workers' time, 0 to 1.</summary>
    public double FlushBubbleFraction => Makespan == 0 ? 0 : FlushBubble.Sum() / (Makespan * Workers.Count);

    /// <summary>
    /// For each worker, the time between its first start and its last end in which it did not work: what steps without a common
    /// barrier lose.
    /// </summary>
    public IReadOnlyList<double> SpanBubble { get; }

    /// <summary>For each worker, the most bytes of activations it holds at once.</summary>
    public IReadOnlyList<long> PeakActivationBytes { get; }

    /// <summary>For each worker, the most bytes it holds at once: activations, all versions of the weights, state.</summary>
    public IReadOnlyList<long> PeakBytes { get; }

    /// <summary>For each worker, its idle times in order. Worked out when first asked for.</summary>
    public IReadOnlyList<IReadOnlyList<IdleInterval>> Idle => idle ??= IdleAnalysis.Run(index, execution, Costs, Makespan);

    /// <summary>For each worker, its idle time by reason; the total is its flush bubble.</summary>
    public IReadOnlyList<IdleTime> IdleTime => idleTime ??= Idle
        .Select(intervals => intervals.Aggregate(default(IdleTime), (sum, interval) => sum + interval.Time)).ToArray();
}
