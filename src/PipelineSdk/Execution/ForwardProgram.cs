using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>Forwards alone, on the workers that a training schedule has placed the stages on.</summary>
internal static class ForwardProgram
{
    /// <summary>Builds it for any placement and any number of micro-batches.</summary>
    /// <param name="workerOfStage">The worker of each stage.</param>
    /// <param name="workers">How many workers there are.</param>
    /// <param name="microBatches">How many micro-batches there are.</param>
    public static ScheduleProgram Build(IReadOnlyList<int> workerOfStage, int workers, int microBatches)
    {
        var shape = new ScheduleShape(workers, workerOfStage.Count, microBatches);
        var looped = PipelineSchedule.ForwardOnly.Build(shape);
        if (Enumerable.Range(0, shape.Stages).All(stage => looped.WorkerOf(stage) == workerOfStage[stage])) return looped;

        // A wave: stage s runs micro-batch k-s in round k, so whatever an action needs was run a round earlier, and links keep their order.
        var programs = Enumerable.Range(0, workers).Select(_ => new List<PipelineAction>()).ToArray();
        for (var round = 0; round < shape.Stages + microBatches - 1; round++)
        {
            for (var stage = Math.Min(round, shape.Stages - 1); stage >= 0 && round - stage < microBatches; stage--)
                programs[workerOfStage[stage]].Add(new PipelineAction(stage, ActionKind.Forward, round - stage));
        }

        return new ScheduleProgram(PipelineSchedule.ForwardOnly.Name, shape, workerOfStage, programs);
    }
}
