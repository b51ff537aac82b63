using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Proves that the versions of the weights are consistent, stage by stage, in the order of the owner's
/// program.</summary>
internal sealed class WeightVersionCheck
{
    private readonly ProgramIndex index;
    private readonly int[] newest;
    private readonly int[] peaks;
    private readonly int[][] read;
    private readonly int[][] staleness;
    private readonly List<int>[] waiting;
    private readonly Dictionary<int, int>[] readersLeft;

    private WeightVersionCheck(ProgramIndex index)
    {
        this.index = index;
        newest = new int[index.Stages];
        peaks = new int[index.Stages];
        read = Table();
        staleness = Table();
        waiting = Enumerable.Range(0, index.Stages).Select(_ => new List<int>()).ToArray();
        readersLeft = Enumerable.Range(0, index.Stages).Select(_ => new Dictionary<int, int>()).ToArray();
        foreach (PipelineAction action in index.Actions)
        {
            if (action.Kind == ActionKind.Forward)
            {
                readersLeft[action.Stage].TryGetValue(action.WeightVersion, out int readers);
                readersLeft[action.Stage][action.WeightVersion] = readers + 1;
            }
        }
    }

    /// <summary>Proves the versions.</summary>
    /// <returns>The figures, or null for a program without updates.</returns>
    public static WeightVersions? Run(ProgramIndex index)
    {
        if (!index.HasUpdates)
        {
            for (int id = 0; id < index.Actions.Length; id++)
            {
                if (index.Actions[id].WeightVersion != 0)
                {
                    throw Refuse(index, id, "reads a version of the weights that no update makes");
                }
            }

            return null;
        }

        var check = new WeightVersionCheck(index);
        for (int id = 0; id < index.Actions.Length; id++)
        {
            check.Visit(id, index.Actions[id]);
        }

        check.CheckUsed();
        return new WeightVersions(check.peaks, check.staleness);
    }

    private static ScheduleException Refuse(ProgramIndex index, int id, string what) => index.Refuse(
        ScheduleViolation.WeightVersion,
        Invariant($"worker {index.WorkerOf(id)} runs {index.Actions[id]} at slot {index.SlotOf(id)}, which {what}."),
        index.Actions[id],
        (index.WorkerOf(id), index.SlotOf(id)));

    private int[][] Table() => Enumerable.Range(0, index.Stages).Select(_ => new int[index.MicroBatches]).ToArray();

    private void Visit(int id, PipelineAction action)
    {
        int stage = action.Stage;
        int version = action.WeightVersion;
        switch (action.Kind)
        {
            case ActionKind.Forward:
                if (version < 0 || version > newest[stage])
                {
                    throw Refuse(index, id, Invariant($"reads version {version} of the weights, but the newest is {newest[stage]}"));
                }

                read[stage][action.MicroBatch] = version;
                NoteHeld(stage);
                break;

            case ActionKind.Update:
                Update(id, stage, version);
                break;

            default:
                int expected = read[stage][action.MicroBatch];
                if (version != expected)
                {
                    throw Refuse(index, id, Invariant($"reads version {version} of the weights, but its forward read version {expected}"));
                }

                if (action.Kind != ActionKind.InputGradient)
                {
                    waiting[stage].Add(action.MicroBatch);
                    if (--readersLeft[stage][version] == 0)
                    {
                        readersLeft[stage].Remove(version);
                    }
                }

                break;
        }
    }

    private void Update(int id, int stage, int version)
    {
        if (version != newest[stage] + 1)
        {
            throw Refuse(index, id, Invariant($"makes version {version} of the weights, but the newest is {newest[stage]}"));
        }

        if (waiting[stage].Count == 0)
        {
            throw Refuse(index, id, "has no new gradients to use");
        }

        foreach (int microBatch in waiting[stage])
        {
            staleness[stage][microBatch] = newest[stage] - read[stage][microBatch];
        }

        waiting[stage].Clear();
        newest[stage] = version;
        NoteHeld(stage);
    }

    // The newest, and every older one that a micro-batch in flight or to come reads.
    private void NoteHeld(int stage) => peaks[stage] = Math.Max(peaks[stage], 1 + readersLeft[stage].Keys.Count(version => version < newest[stage]));

    private void CheckUsed()
    {
        for (int stage = 0; stage < waiting.Length; stage++)
        {
            if (waiting[stage].Count > 0)
            {
                int last = waiting[stage][waiting[stage].Count - 1];
                int id = index.FindWeightGradient(stage, last);
                throw Refuse(index, id, "is followed by no update, so that its gradients are lost");
            }
        }
    }
}
