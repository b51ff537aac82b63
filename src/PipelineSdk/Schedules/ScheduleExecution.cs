namespace PipelineSdk.Schedules;

/// <summary>Runs programs as workers do: in order, each action as soon as its input is there. The proof and the simulator share
/// it.</summary>
/// <remarks>
/// A link is a bounded queue over one boundary in one direction: activations from stage s to s+1, gradients back. An action takes
/// its message when it starts; when it ends its worker hands the result on, and waits while the link holds as many messages as it
/// can. Between stages of one worker nothing is sent. Times follow from the order alone, so the order in which workers are
/// advanced here does not matter.
/// </remarks>
internal sealed class ScheduleExecution
{
    private readonly ProgramIndex index;
    private readonly IExecutionCosts costs;
    private readonly int? capacity;
    private readonly int[] next;
    private readonly bool[] computed;
    private readonly double[] free;
    private readonly double[] arrival;
    private readonly int[] waitsForResult;
    private readonly int[] waitsForRoom;
    private readonly int[][] sent;
    private readonly int[] sentCount;
    private readonly Stack<int> ready = new();

    public ScheduleExecution(ProgramIndex index, IExecutionCosts costs, int? capacity)
    {
        this.index = index;
        this.costs = costs;
        this.capacity = capacity;
        int actions = index.Actions.Length;
        int workers = index.Program.Workers.Count;
        Start = new double[actions];
        End = new double[actions];
        Handed = new double[actions];
        arrival = new double[actions];
        Done = new bool[actions];
        waitsForResult = Filled(actions);
        waitsForRoom = capacity is null ? [] : Filled(actions);
        computed = new bool[workers];
        free = new double[workers];
        next = new int[workers];
        sentCount = new int[2 * index.Stages];
        sent = new int[2 * index.Stages][];
        for (int link = 0; link < sent.Length; link++)
        {
            sent[link] = capacity is null ? [] : new int[index.MicroBatches];
        }

        for (int worker = workers - 1; worker >= 0; worker--)
        {
            next[worker] = index.FirstOf(worker);
            ready.Push(worker);
        }
    }

    /// <summary>When each action began, by id.</summary>
    public double[] Start { get; }

    /// <summary>When each action's work was done.</summary>
    public double[] End { get; }

    /// <summary>When each action's worker was free again: later than its end where the link was full.</summary>
    public double[] Handed { get; }

    /// <summary>When each action's result was at its consumer.</summary>
    public double[] Arrival => arrival;

    /// <summary>Which actions ran to the end.</summary>
    public bool[] Done { get; }

    /// <summary>The action a worker stopped at.</summary>
    public int NextOf(int worker) => next[worker];

    /// <summary>Whether a worker stopped after its action, waiting for room in the link.</summary>
    public bool WaitsForRoom(int worker) => computed[worker];

    /// <summary>The action that the worker's next one waits for: its input, or the taking of the message that has to go
    /// first.</summary>
    public int BlockerOf(int worker)
    {
        var action = index.Actions[next[worker]];
        return computed[worker] ? RoomMaker(next[worker], action) : index.InputOf(action);
    }

    /// <summary>Runs until every worker is done or none can go on.</summary>
    /// <returns>Whether all are done.</returns>
    public bool Run()
    {
        int left = next.Length;
        while (ready.Count > 0)
        {
            int worker = ready.Pop();
            int end = index.EndOf(worker);
            while (next[worker] < end && Advance(worker))
            {
            }

            left -= next[worker] == end ? 1 : 0;
        }

        return left == 0;
    }

    private static int[] Filled(int count)
    {
        var result = new int[count];
        for (int i = 0; i < count; i++)
        {
            result[i] = ProgramIndex.None;
        }

        return result;
    }

    private bool Advance(int worker)
    {
        int id = next[worker];
        var action = index.Actions[id];
        if (!computed[worker])
        {
            int input = index.InputOf(action);
            if (input != ProgramIndex.None && !Done[input])
            {
                waitsForResult[input] = worker;
                return false;
            }

            Start[id] = Math.Max(free[worker], input == ProgramIndex.None ? 0 : arrival[input]);
            End[id] = Start[id] + costs.DurationOf(action);
            computed[worker] = true;
            Wake(waitsForRoom, id);
        }

        double handed = End[id];
        int consumer = index.ConsumerOf(action);
        bool sends = consumer != ProgramIndex.None && index.WorkerOf(consumer) != worker;
        if (sends && capacity is int)
        {
            int roomMaker = RoomMaker(id, action);
            if (roomMaker != ProgramIndex.None)
            {
                if (next[index.WorkerOf(roomMaker)] < roomMaker
                    || (next[index.WorkerOf(roomMaker)] == roomMaker && !computed[index.WorkerOf(roomMaker)]))
                {
                    waitsForRoom[roomMaker] = worker;
                    return false;
                }

                handed = Math.Max(handed, Start[roomMaker]);
            }

            int link = LinkOf(action);
            sent[link][sentCount[link]++] = action.MicroBatch;
        }

        Handed[id] = handed;
        free[worker] = handed;
        arrival[id] = sends ? costs.ArrivalOf(action, handed) : handed;
        Done[id] = true;
        computed[worker] = false;
        next[worker]++;
        Wake(waitsForResult, id);
        return true;
    }

    /// <summary>The consumer of the message that must leave the link before this action's can enter it.</summary>
    private int RoomMaker(int id, PipelineAction action)
    {
        int link = LinkOf(action);
        int before = sentCount[link] - capacity!.Value;
        if (before < 0)
        {
            return ProgramIndex.None;
        }

        int microBatch = sent[link][before];
        return index.Actions[id].Kind == ActionKind.Forward
            ? index.Find(action.Stage + 1, ActionKind.Forward, microBatch)
            : index.FindGradient(action.Stage - 1, microBatch);
    }

    private static int LinkOf(PipelineAction action) => (2 * action.Stage) + (action.Kind == ActionKind.Forward ? 0 : 1);

    private void Wake(int[] waiters, int id)
    {
        if (waiters.Length > 0 && waiters[id] != ProgramIndex.None)
        {
            ready.Push(waiters[id]);
            waiters[id] = ProgramIndex.None;
        }
    }
}
