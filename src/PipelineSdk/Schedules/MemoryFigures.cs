namespace PipelineSdk.Schedules;

/// <summary>What each worker holds at most, from its program alone: a worker runs its actions in order, whenever that
/// is.</summary>
internal static class MemoryFigures
{
    /// <summary>The most bytes of activations at once, per worker.</summary>
    public static long[] PeakActivations(ProgramIndex index, ScheduleCosts costs)
    {
        var peaks = new long[index.Program.Workers.Count];
        for (int worker = 0; worker < peaks.Length; worker++)
        {
            long held = 0;
            for (int id = index.FirstOf(worker); id < index.EndOf(worker); id++)
            {
                var stage = costs.Stages[index.Actions[id].Stage];
                switch (index.Actions[id].Kind)
                {
                    case ActionKind.Forward:
                        held += stage.ActivationBytes;
                        peaks[worker] = Math.Max(peaks[worker], held);
                        held -= index.ForwardOnly ? stage.ActivationBytes : 0;
                        break;
                    case ActionKind.Backward:
                        held -= stage.ActivationBytes;
                        break;
                    case ActionKind.InputGradient:
                        held -= stage.ActivationBytes - stage.WeightGradientBytes;
                        peaks[worker] = Math.Max(peaks[worker], held);
                        break;
                    case ActionKind.WeightGradient:
                        held -= stage.WeightGradientBytes;
                        break;
                }
            }
        }

        return peaks;
    }

    /// <summary>The bytes of weights, in as many versions as are held at once, and of state, per worker.</summary>
    public static long[] Weights(ProgramIndex index, ScheduleCosts costs)
    {
        var versions = WeightVersionCheck.Run(index);
        var bytes = new long[index.Program.Workers.Count];
        for (int stage = 0; stage < index.Stages; stage++)
        {
            var cost = costs.Stages[stage];
            bytes[index.Program.WorkerOf(stage)] += (cost.WeightBytes * (versions?.PeakVersions[stage] ?? 1)) + cost.StateBytes;
        }

        return bytes;
    }
}
