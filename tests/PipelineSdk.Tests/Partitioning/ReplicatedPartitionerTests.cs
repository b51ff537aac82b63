using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Partitioning;
using Xunit;

namespace PipelineSdk.Tests.Partitioning;

/// <summary>PipeDream's published profiles, condensed to the pieces between its planner's cuts, and what its planner makes of the
/// whole ones.</summary>
public sealed class ReplicatedPartitionerTests
{
    private static readonly SegmentCosts[] Vgg16 = Profile(
        (0.21645, 154880, 1644167168), (0.154481, 885760, 822083584), (0.010132, 0, 205520896), (0.127623, 5901312, 411041792),
        (0.005552, 0, 102760448), (0.025545, 4720640, 205520896), (0.132752, 541767584, 512000));

    private static readonly SegmentCosts[] AlexNet = Profile(
        (0.030267, 93184, 198246400), (0.011979, 1229568, 143327232), (0.024353, 6195712, 44302336), (0.018722, 236884896, 1024000));

    private static readonly SegmentCosts[] ResNet50 = Profile(
        (0.111259, 685824, 513802240), (0.110674, 3973632, 411041792), (0.111497, 20568064, 205520896), (0.109989, 77000608, 512000));

    private static readonly SegmentCosts[] Gnmt = Profile(
        (0.021096, 249921536, 6553600), (0.02484, 241537024, 12871680), (0.017612, 100728832, 12320768), (0.025868, 182876416, 194437120));

    [Fact]
    public void Vgg16OnFourMachinesReplicatesItsConvolutionsThreeTimes()
    {
        var partition = ReplicatedPartitioner.Solve(Vgg16, new(4, 1e9) { CountTransfers = true });
        Assert.Equal("0-4 x3 | 5-6 x1", partition.ToString());
        Assert.Equal(0.205521, partition.Time, 1e-6);
        Assert.Equal(3.272, partition.SingleMachineTime / partition.Time, 1e-3);
        Assert.Equal(2.838, partition.DataParallelTime / partition.Time, 1e-3);
        Assert.Equal(2, partition.MiniBatchesInFlight);
    }

    /// <summary>Where transfers do not count, the published optimizer cuts two segments earlier.</summary>
    [Fact]
    public void Vgg16WithoutTransfersIsCutEarlier()
    {
        var partition = ReplicatedPartitioner.Solve(Vgg16, new(4, 1e9));
        Assert.Equal("0-3 x3 | 4-6 x1", partition.ToString());
        Assert.Equal(0.175733, partition.Time, 1e-6);
    }

    [Theory]
    [InlineData("VGG16", 2, 1e11, 0.370931, 1.813, "0-1 x1 | 2-6 x1")]
    [InlineData("VGG16", 4, 1e11, 0.21645, 3.107, "0-0 x1 | 1-1 x1 | 2-4 x1 | 5-6 x1")]
    [InlineData("AlexNet", 2, 1e11, 0.043075, 1.981, "0-1 x1 | 2-3 x1")]
    [InlineData("ResNet50", 2, 1e11, 0.221933, 1.998, "0-1 x1 | 2-3 x1")]
    [InlineData("ResNet50", 4, 1e11, 0.111497, 3.977, "0-0 x1 | 1-1 x1 | 2-2 x1 | 3-3 x1")]
    [InlineData("GNMT", 2, 1e11, 0.045936, 1.947, "0-1 x1 | 2-3 x1")]
    [InlineData("GNMT", 4, 1e9, 0.025868, 3.457, "0-0 x1 | 1-1 x1 | 2-2 x1 | 3-3 x1")]
    public void AStraightPipelineHasThePlannersTime(string model, int machines, double bandwidth, double time, double speedUp, string stages)
    {
        var segments = model switch { "VGG16" => Vgg16, "AlexNet" => AlexNet, "ResNet50" => ResNet50, _ => Gnmt };
        var partition = ReplicatedPartitioner.Solve(segments, new(machines, bandwidth) { Replicate = false });
        Assert.Equal(time, partition.Time, 1e-6);
        Assert.Equal(speedUp, partition.SingleMachineTime / partition.Time, 1e-3);
        Assert.Equal(stages, partition.ToString());
    }

    [Fact]
    public void GnmtIsBestLeftWithoutReplicas() =>
        Assert.Equal(0.025868, ReplicatedPartitioner.Solve(Gnmt, new(4, 1e9)).Time, 1e-6);

    [Fact]
    public void AStraightPipelineIsWhatTheExactPartitionerCuts() => Assert.Equal(
        Partitioner.Solve(Vgg16, new(3)).Bottleneck, ReplicatedPartitioner.Solve(Vgg16, new(3, 1e9) { Replicate = false }).Time, 1e-9);

    [Fact]
    public void AMemoryCapThatNothingMeetsIsRefused() =>
        Assert.Throws<PartitionException>(() => ReplicatedPartitioner.Solve(Gnmt, new(2, 1e9) { MemoryCap = 1000 }));

    [Fact]
    public void TheDivisionIsTheBestOfAllDivisions() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(
        (from count in Gen.Choose(1, 6)
         from machines in Gen.Choose(1, 4)
         from segments in PartitionGenerators.Segments(count, 1)
         from bandwidth in Gen.Elements(0.5, 4, 1e9)
         from transfers in Gen.Elements(false, true)
         from cap in Gen.Choose(5, 100)
         from capped in Gen.Elements(false, true)
         select (segments, new ReplicationOptions(machines, bandwidth) { CountTransfers = transfers, MemoryCap = capped ? cap : null })).ToArbitrary(),
        input =>
        {
            var (segments, options) = input;
            var all = Divisions(segments, options, 0, options.Machines).ToList();
            if (all.Count == 0)
            {
                Assert.Throws<PartitionException>(() => ReplicatedPartitioner.Solve(segments, options));
                return;
            }

            Assert.Equal(all.Min(), ReplicatedPartitioner.Solve(segments, options).Time, 1e-9);
        }));

    /// <summary>The time of every way to divide the segments from a start among machines.</summary>
    private static IEnumerable<double> Divisions(SegmentCosts[] segments, ReplicationOptions options, int start, int machines) =>
        start == segments.Length
            ? machines == 0 ? [0.0] : []
            : from end in Enumerable.Range(start + 1, segments.Length - start)
              where end == segments.Length || segments[end - 1].CanCutAfter
              from replicas in Enumerable.Range(1, machines)
              let run = segments[start..end]
              let size = run.Sum(s => (double)s.ParameterBytes)
              where options.MemoryCap is null
                  || Math.Ceiling((double)machines / replicas) * (size + run.Sum(s => s.ActivationBytes)) <= options.MemoryCap
              let time = (run.Sum(s => s.Total) + (4 * (replicas - 1) * size / (options.Bandwidth * replicas))) / replicas
              let input = start == 0 ? 0 : segments[start - 1].OutputBytes
              let output = end == segments.Length ? 0 : segments[end - 1].OutputBytes
              let transfer = options.CountTransfers ? 2.0 * Math.Max(input, output) / (options.Bandwidth * replicas) : 0
              from rest in Divisions(segments, options, end, machines - replicas)
              select Math.Max(Math.Max(time, transfer), rest);

    private static SegmentCosts[] Profile(params (double Seconds, long Parameters, long Output)[] pieces) =>
        [.. pieces.Select((piece, i) => new SegmentCosts($"piece {i}", piece.Seconds, 0, 0) { ParameterBytes = piece.Parameters, OutputBytes = piece.Output })];
}
