namespace PipelineSdk.Schedules;

/// <summary>One worker's passes: for each kind, the slot of each micro-batch.</summary>
internal sealed class VLane
{
    public const int DownForward = 0;
    public const int UpForward = 1;
    public const int UpGradient = 2;
    public const int DownGradient = 3;
    public const int Weight = 4;
    private const byte Free = byte.MaxValue;

    public VLane(int[] block, int microBatches, int interval)
    {
        Slots = new int[Weight + 1][];
        for (int kind = 0; kind < Weight; kind++)
        {
            Slots[kind] = new int[microBatches];
            for (int i = 0; i < microBatches; i++)
            {
                Slots[kind][i] = block[kind] + (interval * i);
            }
        }

        Slots[Weight] = [];
    }

    public int[][] Slots { get; }

    /// <summary>Puts every weight gradient into the first free slot after its gradient, oldest first.</summary>
    public void PlaceWeights()
    {
        var kinds = Kinds();
        var weights = new List<int>();
        int pending = 0;
        for (int slot = 0; slot < kinds.Length || pending > 0; slot++)
        {
            byte kind = slot < kinds.Length ? kinds[slot] : Free;
            if (kind is UpGradient or DownGradient)
            {
                pending++;
            }
            else if (kind == Free && pending > 0)
            {
                weights.Add(slot);
                pending--;
            }
        }

        Slots[Weight] = weights.ToArray();
    }

    /// <summary>The most forwards in flight; where weight gradients have no slots, they run in free ones.</summary>
    public int Peak() => Peak(Kinds());

    /// <summary>Moves a pass to the first free slot from the earliest on that keeps the peak; leaves it where there is
    /// none.</summary>
    public void MoveEarlier(int kind, int index, int earliest, int most)
    {
        int now = Slots[kind][index];
        var kinds = Kinds();
        for (int slot = earliest; slot < now; slot++)
        {
            if (kinds[slot] != Free)
            {
                continue;
            }

            (kinds[slot], kinds[now]) = (kinds[now], Free);
            if (Peak(kinds) <= most)
            {
                Slots[kind][index] = slot;
                return;
            }

            (kinds[now], kinds[slot]) = (kinds[slot], Free);
        }
    }

    /// <summary>The slot of the worker's gradient number <paramref name="index"/>, over both stages.</summary>
    public int GradientSlot(int index)
    {
        int up = 0;
        int down = 0;
        int slot = 0;
        while (up + down <= index)
        {
            bool takeUp = down == Slots[DownGradient].Length
                || (up < Slots[UpGradient].Length && Slots[UpGradient][up] < Slots[DownGradient][down]);
            slot = takeUp ? Slots[UpGradient][up++] : Slots[DownGradient][down++];
        }

        return slot;
    }

    /// <summary>The passes in order, with weight gradients in the free slots, the upper stage's first.</summary>
    public PipelineAction[] Program(int down, int up)
    {
        var actions = new ProgramWriter(6 * Slots[DownForward].Length);
        int pendingUp = 0;
        int pendingDown = 0;
        var kinds = Kinds();
        for (int slot = 0; slot < kinds.Length || pendingUp + pendingDown > 0; slot++)
        {
            switch (slot < kinds.Length ? kinds[slot] : Free)
            {
                case DownForward:
                    actions.Next(down, ActionKind.Forward);
                    break;
                case UpForward:
                    actions.Next(up, ActionKind.Forward);
                    break;
                case UpGradient:
                    actions.Next(up, ActionKind.InputGradient);
                    pendingUp++;
                    break;
                case DownGradient:
                    actions.Next(down, ActionKind.InputGradient);
                    pendingDown++;
                    break;
                case Free when pendingUp > 0:
                    actions.Next(up, ActionKind.WeightGradient);
                    pendingUp--;
                    break;
                case Free when pendingDown > 0:
                    actions.Next(down, ActionKind.WeightGradient);
                    pendingDown--;
                    break;
            }
        }

        return actions.ToArray();
    }

    private byte[] Kinds()
    {
        var kinds = new byte[1 + Slots.Max(slots => slots.Length == 0 ? 0 : slots[slots.Length - 1])];
        for (int slot = 0; slot < kinds.Length; slot++)
        {
            kinds[slot] = Free;
        }

        for (int kind = 0; kind < Slots.Length; kind++)
        {
            foreach (int slot in Slots[kind])
            {
                kinds[slot] = (byte)kind;
            }
        }

        return kinds;
    }

    private int Peak(byte[] kinds)
    {
        bool placed = Slots[Weight].Length > 0;
        int held = 0;
        int peak = 0;
        int pending = 0;
        foreach (byte kind in kinds)
        {
            switch (kind)
            {
                case DownForward or UpForward:
                    peak = Math.Max(peak, ++held);
                    break;
                case UpGradient or DownGradient:
                    pending++;
                    break;
                case Weight:
                    held--;
                    break;
                case Free when !placed && pending > 0:
                    held--;
                    pending--;
                    break;
            }
        }

        return peak;
    }
}
