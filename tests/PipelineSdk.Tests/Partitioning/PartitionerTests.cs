using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Partitioning;
using PipelineSdk.Tests.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Partitioning;

public sealed class PartitionerTests
{
    [Fact]
    public void TheSlowestStageIsAsFastAsCanBe()
    {
        var partition = Partitioner.Solve(Segments(9, 1, 1, 1, 8, 2, 2, 2), new(3));
        Assert.Equal("0-1 | 2-4 | 5-7", partition.ToString());
        Assert.Equal(10, partition.Bottleneck);
    }

    [Fact]
    public void TiesGoToTheNextSlowestStage()
    {
        // 10 is alone whatever happens; 4 4 | 4 is as slow as 4 | 4 4, but 3 3 2 can be cut better than 8.
        var partition = Partitioner.Solve(Segments(10, 3, 3, 2, 2), new(3));
        Assert.Equal("0-0 | 1-2 | 3-4", partition.ToString());
        Assert.Equal([10.0, 6, 4], partition.StageTimes);
    }

    [Fact]
    public void FurtherTiesGoToTheNarrowestCut()
    {
        var segments = Segments(2, 1, 1, 2);
        segments[0] = segments[0] with { OutputBytes = 5 };
        segments[1] = segments[1] with { OutputBytes = 9 };
        segments[2] = segments[2] with { OutputBytes = 1 };
        Assert.Equal("0-1 | 2-3", Partitioner.Solve(segments, new(2)).ToString());
        Assert.Equal("0-0 | 1-2 | 3-3", Partitioner.Solve(segments, new(3)).ToString());
        var equal = Segments(1, 1, 1, 1, 1);
        equal[1] = equal[1] with { OutputBytes = 100 };
        equal[2] = equal[2] with { OutputBytes = 10 };
        Assert.Equal("0-2 | 3-4", Partitioner.Solve(equal, new(2)).ToString());
    }

    [Fact]
    public void TiesOfTimesThatAreNoBinaryFractionsAreTies()
    {
        var segments = Enumerable.Range(0, 12).Select(i => new SegmentCosts($"s{i}", 0.1, 0.1, 0.1) { OutputBytes = i == 5 ? 1 : 50 }).ToArray();
        Assert.Equal("0-5 | 6-11", Partitioner.Solve(segments, new(2)).ToString());
        Assert.Equal([3, 6, 9, 12], Partitioner.Solve(segments, new(4)).Ends);
    }

    [Fact]
    public void AnOverlappedTransferIsABottleneckOfItsOwn()
    {
        var segments = Segments(4, 4, 4, 4);
        segments[1] = segments[1] with { OutputBytes = 100 };
        var options = new PartitionOptions(2) { LinkBandwidth = 10 };
        var partition = Partitioner.Solve(segments, options);
        Assert.Equal(12, partition.Bottleneck);
        Assert.NotEqual(2, partition.Ends[0]);
        segments[0] = segments[2] = segments[0] with { OutputBytes = 1000 };
        partition = Partitioner.Solve(segments, options);
        Assert.Equal(2, partition.Ends[0]);
        Assert.Equal([8.0, 20], partition.StageTimes);
    }

    [Fact]
    public void AnAddedTransferCountsForBothItsEnds()
    {
        var segments = Segments(4, 4, 4, 4);
        segments[1] = segments[1] with { OutputBytes = 10 };
        var options = new PartitionOptions(2) { LinkBandwidth = 10, LinkLatency = 0.5, Transfers = TransferMode.Added };
        Assert.Equal([9.5, 9.5], Partitioner.Solve(segments, options).StageTimes);
    }

    [Fact]
    public void ATransferWithinAWorkerCostsNothing()
    {
        var segments = Segments(1, 1, 1, 1).Select(s => s with { OutputBytes = 1000 }).ToArray();
        var options = new PartitionOptions(2) { LinkBandwidth = 1, WorkerOfStage = [0, 0] };
        Assert.Equal(4, Partitioner.Solve(segments, options).Bottleneck);
    }

    [Fact]
    public void PinnedSegmentsStayInTheirStage()
    {
        var segments = Segments(1, 1, 1, 1, 1, 1);
        segments[3] = segments[3] with { PinnedStage = 0 };
        Assert.Equal(4, Partitioner.Solve(segments, new(2)).Ends[0]);
        segments[3] = segments[3] with { PinnedStage = 2 };
        Assert.Equal(2, Partitioner.Solve(segments, new(3)).StageOf(3));
        Assert.True(Partitioner.Solve(segments, new(3)).Ends[1] <= 3);
    }

    [Fact]
    public void SegmentsThatCannotBeCutApartStayTogether()
    {
        var segments = Segments(1, 1, 1, 1);
        segments[1] = segments[1] with { CanCutAfter = false };
        Assert.NotEqual(2, Partitioner.Solve(segments, new(2)).Ends[0]);
    }

    [Fact]
    public void AMemoryCapMovesTheCut()
    {
        var segments = Segments(1, 1, 1, 1).Select(s => s with { ActivationBytes = 10, ParameterBytes = 5, StateBytes = 1 }).ToArray();
        var free = Partitioner.Solve(segments, new(2));
        Assert.Equal([32L, 32], free.WorkerBytes);
        var options = new PartitionOptions(2) { MemoryCaps = [60, 60], InFlight = [4, 1], WeightVersions = [2, 1] };
        var capped = Partitioner.Solve(segments, options);
        Assert.Equal([1, 4], capped.Ends);
        Assert.Equal([40 + 10 + 1L, 3 * (10 + 5 + 1)], capped.WorkerBytes);
    }

    [Fact]
    public void ASegmentThatFitsNowhereIsNamedWithItsExcess()
    {
        var segments = Segments(1, 1, 1);
        segments[1] = segments[1] with { Name = "embedding", ParameterBytes = 130 };
        var error = Assert.Throws<PartitionException>(() => Partitioner.Solve(segments, new(2) { MemoryCaps = [100, 110] }));
        Assert.Equal((1, 20L), (error.Segment, error.ExcessBytes));
        Assert.Contains("Segment 1, 'embedding', alone needs 130 bytes as stage 1, 20 more than worker 1 can hold", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SegmentsThatDoNotFitTogetherAreRefusedWithTheFirstThatDoesNot()
    {
        var segments = Segments(1, 1, 1, 1, 1).Select(s => s with { ParameterBytes = 40 }).ToArray();
        var error = Assert.Throws<PartitionException>(() => Partitioner.Solve(segments, new(2) { MemoryCaps = [100, 100] }));
        Assert.Equal((4, 20L), (error.Segment, error.ExcessBytes));
    }

    [Fact]
    public void PinsThatCannotBeMetAreRefused()
    {
        var segments = Segments(1, 1, 1);
        segments[0] = segments[0] with { PinnedStage = 1 };
        Assert.Contains("pinned segments", Assert.Throws<PartitionException>(() => Partitioner.Solve(segments, new(2))).Message, StringComparison.Ordinal);
        segments[1] = segments[1] with { PinnedStage = 0 };
        Assert.Equal(1, Assert.Throws<PartitionException>(() => Partitioner.Solve(segments, new(2))).Segment);
        segments[0] = segments[0] with { PinnedStage = 7 };
        Assert.Contains("pinned to stage 7, but there are 2 stages", Assert.Throws<PartitionException>(() => Partitioner.Solve(segments, new(2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void MoreStagesThanPiecesAreRefused()
    {
        var segments = Segments(1, 1, 1);
        segments[0] = segments[0] with { CanCutAfter = false };
        var error = Assert.Throws<PartitionException>(() => Partitioner.Solve(segments, new(3)));
        Assert.Contains("3 segments with 1 places to cut make at most 2 stages, not 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<PartitionException>(() => Partitioner.Solve([], new(1)));
    }

    [Fact]
    public void TheCutIsTheBestOfAllCuts() => ForAll(
        from count in Gen.Choose(1, 9)
        from stages in Gen.Choose(1, Math.Min(count, 5))
        from segments in PartitionGenerators.Segments(count, stages)
        from options in PartitionGenerators.Options(stages, [.. Enumerable.Range(0, stages)])
        select (segments, options),
        input => BruteForce.AssertBest(input.segments, input.options, BruteForce.ByStages));

    [Fact]
    public void TheCutOfALoopIsTheBestOfAllCutsForItsStages() => ForAll(
        from workers in Gen.Choose(1, 3)
        from chunks in Gen.Choose(1, 3)
        let stages = workers * chunks
        from count in Gen.Choose(stages, Math.Max(stages, 9))
        from segments in PartitionGenerators.Segments(count, stages)
        from options in PartitionGenerators.Options(stages, [.. Enumerable.Range(0, stages).Select(stage => stage % workers)])
        where options.MemoryCaps is null
        select (segments, options),
        input => BruteForce.AssertBest(input.segments, input.options, BruteForce.ByStages));

    [Fact]
    public void ACutOfALoopMeetsTheCapsOfItsWorkersOrThereIsNone() => ForAll(
        from workers in Gen.Choose(2, 3)
        let stages = workers * 2
        from count in Gen.Choose(stages, 9)
        from segments in PartitionGenerators.Segments(count, stages)
        from options in PartitionGenerators.Options(stages, [.. Enumerable.Range(0, stages).Select(stage => stage % workers)])
        where options.MemoryCaps is not null
        select (segments, options),
        input =>
        {
            var cut = BruteForce.TrySolve(input.segments, input.options);
            Assert.True(cut is null || BruteForce.Feasible(input.segments, input.options, [.. cut.Ends]));
        });

    [Fact]
    public void TheCutOfAVIsTheBestOfAllCuts() => ForAll(
        from workers in Gen.Choose(1, 3)
        let stages = 2 * workers
        from count in Gen.Choose(stages, 9)
        from segments in PartitionGenerators.Segments(count, stages)
        from options in PartitionGenerators.Options(stages, [.. Enumerable.Range(0, stages).Select(stage => Math.Min(stage, stages - 1 - stage))])
        select (segments, options),
        input => BruteForce.AssertBest(input.segments, input.options, BruteForce.ByWorkers));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TwoThousandSegmentsOnSixteenWorkersTakeLessThanASecond(bool capped)
    {
        var random = new Random(7);
        var segments = Enumerable.Range(0, 2000)
            .Select(i => new SegmentCosts($"s{i}", random.NextDouble(), random.NextDouble(), random.NextDouble()) { OutputBytes = random.Next(1000), ActivationBytes = random.Next(1000) })
            .ToArray();
        var options = new PartitionOptions(16)
        {
            LinkBandwidth = 100,
            MemoryCaps = capped ? [.. Enumerable.Repeat(80_000L, 16)] : null,
        };
        var budget = TimeSpan.FromSeconds(1);
        var took = CpuClock.Best(budget, () =>
        {
            var partition = Partitioner.Solve(segments, options);
            Assert.True(partition.Bottleneck < 1.1 * partition.WorkerTimes.Average());
        });
        Assert.True(took < budget, $"It took {took}.");
    }

    private static SegmentCosts[] Segments(params int[] times) => [.. times.Select((time, i) => new SegmentCosts($"s{i}", time, 0, 0))];

    private static void ForAll<T>(Gen<T> generator, Action<T> property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(generator.ToArbitrary(), property));
}
