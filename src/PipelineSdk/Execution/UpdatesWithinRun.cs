using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>How a program without a flush changes the weights.</summary>
internal sealed class UpdatesWithinRun
{
    private UpdatesWithinRun(ScheduleProgram program)
    {
        var (stages, microBatches) = (program.Shape.Stages, program.Shape.MicroBatches);
        int[][] reads = [.. Enumerable.Range(0, stages).Select(_ => new int[microBatches])];
        int[][] updates = [.. Enumerable.Range(0, stages).Select(_ => new int[microBatches])];
        foreach (var worker in program.Workers)
        {
            var waiting = worker.Select(action => action.Stage).Distinct().ToDictionary(stage => stage, _ => new List<int>());
            foreach (var action in worker)
            {
                if (action.Kind == ActionKind.Forward) reads[action.Stage][action.MicroBatch] = action.WeightVersion;
                if (action.Kind is ActionKind.Backward or ActionKind.WeightGradient) waiting[action.Stage].Add(action.MicroBatch);
                if (action.Kind != ActionKind.Update) continue;
                foreach (var microBatch in waiting[action.Stage]) updates[action.Stage][microBatch] = action.WeightVersion;
                waiting[action.Stage].Clear();
            }
        }

        if (updates.Any(stage => !stage.SequenceEqual(updates[0])))
        {
            throw new NotSupportedException(
                $"{program.ScheduleName} puts the gradients of different micro-batches together on different stages: then a micro-batch has no one weight in "
                + "the loss. Let all stages update after the same micro-batches.");
        }

        VersionsRead = reads;
        UpdateOf = updates[0];
    }

    /// <summary>For each stage and micro-batch the version of the weights that its forward and backward read.</summary>
    public IReadOnlyList<IReadOnlyList<int>> VersionsRead { get; }

    /// <summary>For each micro-batch the number of the version that its gradient makes, on all stages.</summary>
    public IReadOnlyList<int> UpdateOf { get; }

    /// <summary>Reads it off a proven program; null for one with a flush.</summary>
    /// <exception cref="NotSupportedException">Two stages group the micro-batches differently.</exception>
    public static UpdatesWithinRun? Of(ScheduleProgram program) => program.IsAsynchronous ? new UpdatesWithinRun(program) : null;
}
