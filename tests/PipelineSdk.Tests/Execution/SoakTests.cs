using System.Globalization;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>Memory over many steps. PIPELINESDK_SOAK_STEPS=10000 makes the last test a long one.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int ShortSoak = 300;

    [Theory]
    [InlineData("1F1B", 1)]
    [InlineData("GPipe", 1)]
    [InlineData("ZB-H1", 1)]
    public void At_every_action_of_every_step_as_many_tensors_live(string schedule, int stages)
    {
        // One worker alone, so that the same tensors live whenever the same forward begins.
        using var scope = NewDisposeScope();
        using var model = new FaultyNet(stages);
        using var pipeline = Create(model, schedule, stages, 6);
        var (x, y) = (randn(12, 3), randn(12, 3));
        var counts = new List<long>();
        model.BeforeForward = _ => counts.Add(Tensor.TotalCount);
        pipeline.TrainStep(x, y, model.Loss);
        LiveTensors.Settled();
        counts.Clear();
        pipeline.TrainStep(x, y, model.Loss);
        var expected = counts.ToArray();
        Assert.Equal(6, expected.Length);
        for (var i = 0; i < 50; i++)
        {
            counts.Clear();
            pipeline.TrainStep(x, y, model.Loss);
            Assert.Equal(expected, counts);
        }
    }

    [Fact]
    public void Under_1F1B_the_most_tensors_that_live_at_once_do_not_grow_with_the_micro_batches()
    {
        var (few, many) = (MostAlive("1F1B", 8), MostAlive("1F1B", 32));
        // Two workers hold 2 + 1 forwards of a few tensors each, one value is on its way in each direction, and either worker is within an action.
        Assert.InRange(few, 1, 40);
        Assert.InRange(many, 1, 40);
        // GPipe holds all of them.
        Assert.True(MostAlive("GPipe", 32) > 2 * 32);
    }

    [Fact]
    public void Resident_memory_stays_what_it_is()
    {
        var asked = int.TryParse(Environment.GetEnvironmentVariable("PIPELINESDK_SOAK_STEPS"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value);
        var steps = asked ? value : ShortSoak;
        using var scope = NewDisposeScope();
        using var model = new FaultyNet(4);
        using var pipeline = Create(model, "1F1B", 4, 8);
        using var optimizer = optim.SGD(model.parameters(), 0.01);
        var (x, y) = (randn(64, 3), randn(64, 3));
        var (live, resident) = (0L, new List<long>());
        for (var i = 0; i < steps; i++)
        {
            // The first tenth warms up: code is compiled, the allocator takes what it needs.
            if (i == steps / 10) live = Sample();
            if (i == steps / 2) Assert.Equal(live, Sample());
            optimizer.zero_grad();
            pipeline.TrainStep(x, y, model.Loss);
            optimizer.step();
        }

        Assert.Equal(live, Sample());
        output.WriteLine($"{steps} steps, resident MiB at a tenth, the middle and the end: {string.Join(", ", resident.Select(bytes => bytes >> 20))}");
        // In a short run much of it is code that is compiled anew; in a long one a leak of one tensor per micro-batch would be a multiple of this.
        Assert.InRange(resident[2] - resident[0], long.MinValue, (asked ? 16L : 128L) << 20);

        long Sample()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            resident.Add(Environment.WorkingSet);
            return Tensor.TotalCount;
        }
    }

    /// <summary>Above what lives between steps, and what the mini-batch was split into.</summary>
    private static long MostAlive(string schedule, int microBatches)
    {
        using var scope = NewDisposeScope();
        using var model = new FaultyNet(2);
        using var pipeline = Create(model, schedule, 2, microBatches, linkCapacity: schedule == "GPipe" ? null : 1);
        var (x, y) = (randn(microBatches, 3), randn(microBatches, 3));
        pipeline.TrainStep(x, y, model.Loss);
        var live = LiveTensors.Settled();
        var most = 0L;
        model.BeforeForward = _ =>
        {
            var now = Tensor.TotalCount - live - (2 * microBatches);
            long seen;
            while (now > (seen = Volatile.Read(ref most)) && Interlocked.CompareExchange(ref most, now, seen) != seen)
            {
            }
        };
        for (var i = 0; i < 20; i++) pipeline.TrainStep(x, y, model.Loss);
        return most;
    }

    private static IPipeline<FaultyNet> Create(FaultyNet model, string schedule, int stages, int microBatches, int? linkCapacity = null) => Pipeline.Create(
        model,
        new PipelineOptions
        {
            Schedule = ScheduleCatalog.Get(schedule),
            Stages = stages,
            Workers = stages,
            MicroBatches = microBatches,
            IntraOpThreads = 1,
            LinkCapacity = linkCapacity,
        });
}
