using PipelineSdk.Schedules;

namespace PipelineSdk.Tests.Models;

/// <summary>The schedules with a flush, and the others.</summary>
internal static class FlushSchedules
{
    public static IEnumerable<PipelineSchedule> All { get; } = [.. Training(isAsynchronous: false)];

    /// <summary>Those that train without a flush.</summary>
    public static IEnumerable<PipelineSchedule> Others { get; } = [.. Training(isAsynchronous: true)];

    /// <summary>
    /// The order in which a schedule adds the gradients of micro-batches: the same for all stages, and ascending but for the two that say otherwise.
    /// </summary>
    public static IReadOnlyList<int> OrderOfGradients(ScheduleProgram program)
    {
        var orders = program.Workers.SelectMany(worker => worker)
            .Where(action => action.Kind is ActionKind.Backward or ActionKind.WeightGradient)
            .GroupBy(action => action.Stage, action => action.MicroBatch)
            .Select(stage => stage.ToArray())
            .ToList();
        var ascending = Enumerable.Range(0, program.Shape.MicroBatches);
        var expected = (program.ScheduleName is "LoopedBFS" or "GPipe-Descending" ? ascending.Reverse() : ascending).ToArray();
        Xunit.Assert.All(orders, order => Xunit.Assert.Equal(expected, order));
        return expected;
    }

    private static IEnumerable<PipelineSchedule> Training(bool isAsynchronous) => ScheduleCatalog.All.Where(schedule => schedule is not ForwardOnlySchedule
        && schedule.Build(schedule.NearestShapes(new ScheduleShape(2, 4, 4), 1)[0]).IsAsynchronous == isAsynchronous);
}
