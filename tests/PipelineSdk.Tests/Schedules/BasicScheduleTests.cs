using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

public sealed class BasicScheduleTests
{
    [Fact]
    public void GPipeCanRunItsBackwardsDescending()
    {
        var program = new GPipeSchedule(MicroBatchOrder.Descending).Build(new(2, 2, 3));
        Assert.Equal("0F0 0F1 0F2 0B2 0B1 0B0", string.Join(' ', program.Workers[0]));
        ScheduleCheck.Verify(program, linkCapacity: 1);
    }

    [Fact]
    public void OneForwardOneBackwardWorksForFewerMicroBatchesThanStages()
    {
        var program = PipelineSchedule.OneForwardOneBackward.Build(new(4, 4, 2));
        Assert.Equal(
            ["0F0 0F1 0B0 0B1", "1F0 1F1 1B0 1B1", "2F0 2F1 2B0 2B1", "3F0 3B0 3F1 3B1"],
            program.Workers.Select(actions => string.Join(' ', actions)));
    }

    [Fact]
    public void ForwardOnlyRunsSeveralStagesPerWorkerInRounds()
    {
        var program = new ForwardOnlySchedule().Build(new(2, 4, 3));
        Assert.Equal("0F0 0F1 2F0 2F1 0F2 2F2", string.Join(' ', program.Workers[0]));
        Assert.Equal("1F0 1F1 3F0 3F1 1F2 3F2", string.Join(' ', program.Workers[1]));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(-1, -1, -1)]
    public void AShapeBelowOneIsRefused(int workers, int stages, int microBatches) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScheduleShape(workers, stages, microBatches));

    [Fact]
    public void AShapeCannotBeMadeInvalidByCopying() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScheduleShape(1, 1, 1) with { MicroBatches = 0 });

    [Fact]
    public void ASecondStagePerWorkerIsRefusedWithTheWayOut()
    {
        var error = Assert.Throws<ArgumentException>(() => PipelineSchedule.OneForwardOneBackward.Build(new(2, 4, 8)));
        Assert.Contains("1F1B gives every worker one stage, but there are 4 stages for 2 workers", error.Message, StringComparison.Ordinal);
        Assert.Contains("What works: 2 workers, 2 stages, 8 micro-batches;", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnAbsurdlyLargeStepIsRefusedBeforeItIsBuilt() =>
        Assert.Throws<ArgumentException>(() => PipelineSchedule.GPipe.Build(new(4, 4, int.MaxValue)));
}
