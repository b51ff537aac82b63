using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

/// <summary>What holds for every schedule at every shape of 1 to 8 workers, 1 to 32 micro-batches and 1 to 4 stages per
/// worker.</summary>
public sealed class EveryShapeTests
{
    public static TheoryData<string> Names => [.. ScheduleCatalog.All.Select(schedule => schedule.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void AScheduleIsProvenOrRefusedWithAReason(string name)
    {
        var schedule = ScheduleCatalog.Get(name);
        int proven = 0;
        foreach (var shape in Shapes())
        {
            if (schedule.WhyNot(shape) is { } reason)
            {
                Assert.StartsWith(name, reason, StringComparison.Ordinal);
                Assert.StartsWith(reason, Assert.Throws<ArgumentException>(() => schedule.Build(shape)).Message, StringComparison.Ordinal);
                continue;
            }

            var program = schedule.Build(shape);
            var proof = ScheduleCheck.Verify(program, LinkCapacity(name, shape));
            Assert.Equal(name, program.ScheduleName);
            Assert.Equal(shape, program.Shape);
            Assert.Equal(proof.WeightVersions is not null, program.IsAsynchronous);
            proven++;
        }

        Assert.True(proven > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TheNearestShapesAreOnesThatWork(string name)
    {
        var schedule = ScheduleCatalog.Get(name);
        foreach (var shape in new ScheduleShape[] { new(3, 3, 1), new(2, 8, 5), new(4, 7, 9), new(5, 3, 2), new(1, 1, 1) })
        {
            var nearest = schedule.NearestShapes(shape);
            Assert.Equal(3, nearest.Count);
            Assert.All(nearest, candidate => Assert.Null(schedule.WhyNot(candidate)));
            Assert.Equal(schedule.WhyNot(shape) is null, nearest[0] == shape);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void AnAbsurdShapeIsRefusedBeforeItIsBuilt(string name)
    {
        var schedule = ScheduleCatalog.Get(name);
        Assert.Throws<ArgumentException>(() => schedule.Build(new(int.MaxValue, int.MaxValue, int.MaxValue)));
        Assert.Throws<ArgumentException>(() => schedule.Build(new(1, int.MaxValue, 1)));
        Assert.Throws<ArgumentException>(() => schedule.Build(new(1, 1, int.MaxValue)));
        Assert.Throws<ArgumentNullException>(() => schedule.Build(null!));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ASingleWorkerIsNeverIdle(string name)
    {
        var schedule = ScheduleCatalog.Get(name);
        foreach (var shape in Shapes().Where(shape => shape.Workers == 1 && schedule.WhyNot(shape) is null))
        {
            var simulation = ScheduleSimulator.Run(schedule.Build(shape), ScheduleCosts.Equal(shape.Stages, new(1, 1, 1) { Update = 1 }));
            Assert.Equal(0, simulation.FlushBubble[0]);
        }
    }

    internal static IEnumerable<ScheduleShape> Shapes() =>
        from workers in Enumerable.Range(1, 8)
        from chunks in Enumerable.Range(1, 4)
        from microBatches in Enumerable.Range(1, 32)
        select new ScheduleShape(workers, workers * chunks, microBatches);

    /// <summary>The most messages a link must hold. One suffices but where a worker's last stage runs ahead of its
    /// first.</summary>
    private static int LinkCapacity(string name, ScheduleShape shape) => name switch
    {
        "LoopedBFS" => Math.Max(1, shape.MicroBatches / shape.Workers),
        "Interleaved1F1B" when shape.MicroBatches % shape.Workers == 0 => 1,
        "Interleaved1F1B" or "InterleavedZeroBubble" when shape.Stages > shape.Workers => shape.Workers,
        _ => 1,
    };
}
