namespace PipelineSdk.Schedules;

/// <summary>
/// Builds a V schedule from a building block: one micro-batch's four passes on every worker, repeated every six slots, then
/// tightened at both ends without exceeding the memory of the steady state.
/// </summary>
/// <remarks>
/// Source: Qi et al., "Pipeline Parallelism with Controllable Memory", 2024, section 3 (building blocks) and appendix
/// (reordering, squeezing). All passes count as one slot. Free slots of a worker take its pending weight gradients, oldest first.
/// </remarks>
internal sealed class VBlock
{
    private const int Interval = 6;

    private readonly int microBatches;
    private readonly VLane[] lanes;

    private VBlock(ScheduleShape shape, Func<int, int[]> block)
    {
        microBatches = shape.MicroBatches;
        lanes = new VLane[shape.Workers];
        for (int worker = 0; worker < lanes.Length; worker++)
        {
            lanes[worker] = new VLane(block(worker), microBatches, Interval);
        }
    }

    /// <summary>Builds all workers' programs.</summary>
    /// <param name="name">The schedule's name.</param>
    /// <param name="shape">Workers, twice as many stages, micro-batches.</param>
    /// <param name="block">For a worker, the slots of micro-batch 0: forward of its lower stage, of its upper stage, gradient of
    /// the upper, of the lower.</param>
    public static ScheduleProgram Build(string name, ScheduleShape shape, Func<int, int[]> block)
    {
        var builder = new VBlock(shape, block);
        builder.PlaceWeights();
        builder.Tighten(weights: true);
        builder.Squeeze();
        builder.DropWeights();
        builder.Tighten(weights: false);
        builder.PlaceWeights();
        builder.Squeeze();
        builder.DropWeights();
        return new ScheduleProgram(name, shape, StagePlacement.FoldedV(shape), builder.lanes.Select(Program).ToArray());

        PipelineAction[] Program(VLane lane, int worker) => lane.Program(worker, (2 * shape.Workers) - 1 - worker);
    }

    private void PlaceWeights()
    {
        foreach (var lane in lanes)
        {
            lane.PlaceWeights();
        }
    }

    private void DropWeights()
    {
        foreach (var lane in lanes)
        {
            lane.Slots[VLane.Weight] = [];
        }
    }

    /// <summary>Moves passes to earlier free slots: those after the last forward began, and with weights those before the first
    /// backward ended.</summary>
    private void Tighten(bool weights)
    {
        int most = lanes.Max(lane => lane.Peak());
        var phase = Phase.WarmUp;
        foreach (var (worker, kind, index) in InOrder())
        {
            if (phase == Phase.WarmUp && kind == VLane.DownGradient && worker == 0)
            {
                phase = Phase.Steady;
            }

            if (phase == Phase.Steady)
            {
                phase = kind == VLane.DownForward && index == microBatches - 1 ? Phase.CoolDown : Phase.Steady;
            }
            else if (phase == Phase.CoolDown || weights)
            {
                lanes[worker].MoveEarlier(kind, index, EarliestSlot(worker, kind, index), most);
            }
        }
    }

    /// <summary>Closes gaps: every pass in the order of its slots as soon as its inputs are there.</summary>
    private void Squeeze()
    {
        var end = lanes.Select(lane => lane.Slots.Select(slots => new int[slots.Length]).ToArray()).ToArray();
        var free = new int[lanes.Length];
        foreach (var (worker, kind, index) in InOrder())
        {
            int start = free[worker];
            if (kind is VLane.DownForward or VLane.UpGradient && worker > 0)
            {
                start = Math.Max(start, end[worker - 1][kind][index]);
            }

            if (kind is VLane.UpForward or VLane.DownGradient && worker + 1 < lanes.Length)
            {
                start = Math.Max(start, end[worker + 1][kind][index]);
            }

            free[worker] = end[worker][kind][index] = start + 1;
        }

        for (int worker = 0; worker < lanes.Length; worker++)
        {
            for (int kind = 0; kind < end[worker].Length; kind++)
            {
                lanes[worker].Slots[kind] = Array.ConvertAll(end[worker][kind], time => time - 1);
            }
        }
    }

    private int EarliestSlot(int worker, int kind, int index)
    {
        int after = -1;
        if (kind is VLane.DownForward or VLane.UpGradient && worker > 0)
        {
            after = lanes[worker - 1].Slots[kind][index];
        }

        if (kind is VLane.UpForward or VLane.DownGradient && worker + 1 < lanes.Length)
        {
            after = lanes[worker + 1].Slots[kind][index];
        }

        var slots = lanes[worker].Slots;
        if (kind is VLane.UpForward or VLane.UpGradient or VLane.DownGradient)
        {
            after = Math.Max(after, slots[kind - 1][index]);
        }

        if (kind == VLane.Weight)
        {
            after = Math.Max(after, lanes[worker].GradientSlot(index));
        }

        return 1 + (index > 0 ? Math.Max(after, slots[kind][index - 1]) : after);
    }

    /// <summary>All passes by slot, then worker, then kind. A snapshot: moving a pass does not change it.</summary>
    private List<(int Worker, int Kind, int Index)> InOrder()
    {
        var passes = new List<(int Slot, int Worker, int Kind, int Index)>();
        for (int worker = 0; worker < lanes.Length; worker++)
        {
            for (int kind = 0; kind < lanes[worker].Slots.Length; kind++)
            {
                var slots = lanes[worker].Slots[kind];
                for (int index = 0; index < slots.Length; index++)
                {
                    passes.Add((slots[index], worker, kind, index));
                }
            }
        }

        passes.Sort();
        return passes.ConvertAll(pass => (pass.Worker, pass.Kind, pass.Index));
    }

    private enum Phase
    {
        WarmUp,
        Steady,
        CoolDown,
    }
}
