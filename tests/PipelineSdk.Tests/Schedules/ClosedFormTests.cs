using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Schedules;

/// <summary>The formulas in the schedules' documentation, against the simulator.</summary>
public sealed class ClosedFormTests
{
    private const double Exact = 1e-9;

    /// <summary>F, I and W of a worker's stages together.</summary>
    private static readonly (double F, double I, double W)[] Mixes = [(1, 1, 1), (1, 1.2, 0.8), (2, 3, 1)];

    [Fact]
    public void TheFlushBubbleOfGPipeAndOneForwardOneBackwardIsTheSame() =>
        ForAll(["GPipe", "GPipe-Descending", "1F1B"], chunks: 1, (shape, mix, simulation) =>
            AssertAll((shape.Workers - 1) * (mix.F + mix.I + mix.W), simulation.FlushBubble));

    [Fact]
    public void InterleavingDividesTheFlushBubbleAlsoWhereMicroBatchesDoNotDivideEvenly() =>
        ForAll(["Interleaved1F1B", "LoopedBFS"], chunks: 4, (shape, mix, simulation) =>
        {
            if (shape.MicroBatches >= shape.Workers)
            {
                AssertAll((shape.Workers - 1) * (mix.F + mix.I + mix.W) / Chunks(shape), simulation.FlushBubble);
            }
        });

    [Fact]
    public void ZeroBubbleTakesTheWeightGradientsOutOfTheFlushBubble() =>
        ForAll(["ZB-H1", "InterleavedZeroBubble"], chunks: 4, (shape, mix, simulation) =>
        {
            if (shape.MicroBatches >= shape.Workers)
            {
                AssertAll((shape.Workers - 1) * (mix.F + mix.I - mix.W) / Chunks(shape), simulation.FlushBubble);
            }
        });

    [Fact]
    public void TheVHasNoBubbleWithinAWorkersSpanWhereAllPassesTakeEqualTime() =>
        ForAll(["ZB-V"], chunks: 2, (shape, mix, simulation) =>
        {
            if (shape.MicroBatches >= (2 * shape.Workers) - 1 && mix == (1, 1, 1))
            {
                AssertAll(0, simulation.SpanBubble);
                AssertAll((shape.Workers - 1) * mix.F / 2, simulation.FlushBubble);
            }
        });

    [Fact]
    public void DualPipeVHasHalfTheFlushBubbleOfZeroBubbleWhereAllPassesTakeEqualTime() =>
        ForAll(["DualPipeV"], chunks: 2, (shape, mix, simulation) =>
        {
            if (mix == (1, 1, 1))
            {
                AssertAll((shape.Workers - 1) * (mix.F + mix.I - mix.W) / 2, simulation.FlushBubble);
            }
        });

    [Fact]
    public void OneMicroBatchAtATimeKeepsAllButOneWorkerIdle() =>
        ForAll(["Sequential"], chunks: 4, (shape, mix, simulation) =>
            Assert.Equal(shape.Workers * shape.MicroBatches * (mix.F + mix.I + mix.W), simulation.Makespan, Exact));

    [Fact]
    public void WithoutFlushesThereIsOneFillAndOneDrain() =>
        ForAll(["PipeDream", "PipeDream-2BW"], chunks: 1, (shape, mix, simulation) =>
            AssertAll((shape.Workers - 1) * (mix.F + mix.I + mix.W), simulation.FlushBubble));

    [Theory]
    [InlineData("GPipe")]
    [InlineData("1F1B")]
    [InlineData("LoopedBFS")]
    [InlineData("Interleaved1F1B")]
    [InlineData("ZB-H1")]
    [InlineData("InterleavedZeroBubble")]
    [InlineData("ZB-V")]
    [InlineData("DualPipeV")]
    [InlineData("Sequential")]
    [InlineData("PipeDream")]
    public void TheForwardsInFlightAreTheDocumentedNumber(string name)
    {
        var schedule = ScheduleCatalog.Get(name);
        foreach (var shape in Shapes().Where(shape => schedule.WhyNot(shape) is null && shape.MicroBatches >= 2 * shape.Workers))
        {
            int p = shape.Workers;
            int m = shape.MicroBatches;
            int v = Chunks(shape);
            int round = (m + (m / p) - 1) / (m / p);
            if (name == "InterleavedZeroBubble" && m % p != 0)
            {
                continue;
            }

            var expected = Enumerable.Range(0, p).Select(r => name switch
            {
                "GPipe" or "LoopedBFS" => m * v,
                "1F1B" or "PipeDream" => Math.Min(p - r, m),
                "Interleaved1F1B" => Math.Min(m * v, ((v - 1) * round) + (2 * (p - 1 - r)) + 1),
                "ZB-H1" => p,
                "InterleavedZeroBubble" => v * p,
                "ZB-V" => 2 * p,
                "DualPipeV" => (2 * p) + 1,
                _ => v,
            });
            Assert.Equal(expected, ScheduleCheck.Verify(schedule.Build(shape)).PeakInFlight);
        }
    }

    /// <summary>From 2 micro-batches per worker on the two have their steady state.</summary>
    [Theory]
    [InlineData("V-Half", 2.0)]
    [InlineData("V-Min", 3.0)]
    public void ControllableMemoryHoldsAboutItsShareOfWhatOneForwardOneBackwardHolds(string name, double share)
    {
        for (int p = 2; p <= 8; p++)
        {
            var proof = ScheduleCheck.Verify(ScheduleCatalog.Get(name).Build(new(p, 2 * p, 4 * p)));

            // One micro-batch of 1F1B's is one forward of each of the worker's two stages here.
            Assert.InRange(proof.PeakInFlight.Max() / 2.0, p / share, (p / share) + 1.5);
        }
    }

    private static IEnumerable<ScheduleShape> Shapes() =>
        EveryShapeTests.Shapes().Where(shape => shape.Workers is < 6 or 8 && shape.MicroBatches is < 13 or 16 or 23 or 32);

    private static int Chunks(ScheduleShape shape) => shape.Stages / shape.Workers;

    private static void AssertAll(double expected, IReadOnlyList<double> actual) =>
        Assert.All(actual, value => Assert.Equal(expected, value, Exact));

    private static void ForAll(
        string[] names, int chunks, Action<ScheduleShape, (double F, double I, double W), ScheduleSimulation> assert)
    {
        int cases = 0;
        foreach (var schedule in names.Select(ScheduleCatalog.Get))
        {
            foreach (var shape in Shapes().Where(shape => Chunks(shape) <= chunks && schedule.WhyNot(shape) is null))
            {
                var program = schedule.Build(shape);
                int v = Chunks(shape);
                foreach (var mix in Mixes)
                {
                    assert(shape, mix, ScheduleSimulator.Run(
                        program, ScheduleCosts.Equal(shape.Stages, new(mix.F / v, mix.I / v, mix.W / v))));
                    cases++;
                }
            }
        }

        Assert.True(cases >= 100);
    }
}
