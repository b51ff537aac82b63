using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>Promise 1 for every schedule with a flush and every placement: loss and gradients are those of the uncut model, bit for bit.</summary>
public sealed class ScheduleEqualityTests
{
    /// <summary>Shapes that each schedule is defined for.</summary>
    public static TheoryData<string, int, int> Shapes()
    {
        var shapes = new TheoryData<string, int, int>();
        foreach (var schedule in FlushSchedules.All)
        {
            foreach (var workers in new[] { 1, 2, 3, 4, 8 })
            {
                foreach (var chunks in new[] { 1, 2, 3 })
                {
                    if (chunks == 3 && workers is not (2 or 3)) continue;
                    if (Defined(schedule, workers, workers * chunks).Any()) shapes.Add(schedule.Name, workers, workers * chunks);
                }
            }
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Loss_and_gradients_equal_the_uncut_model(string name, int workers, int stages)
    {
        using var scope = NewDisposeScope();
        using var model = Net(stages);
        var schedule = ScheduleCatalog.Get(name);
        var test = TestModel.Of(model, [4], [4]);
        foreach (var microBatches in Defined(schedule, workers, stages))
        {
            // Even and uneven in turn.
            test.AssertStepEqualsUncut(schedule, stages, microBatches, samples: 2 * microBatches + (microBatches % 3), workers);
        }
    }

    public static TheoryData<string, int> PlacementsOfFourStages()
    {
        var placements = new TheoryData<string, int>();
        foreach (var schedule in FlushSchedules.All)
        {
            foreach (var workers in new[] { 1, 2, 4 })
            {
                if (schedule.WhyNot(new ScheduleShape(workers, 4, 5)) is null) placements.Add(schedule.Name, workers);
            }
        }

        return placements;
    }

    [Theory]
    [MemberData(nameof(PlacementsOfFourStages))]
    public void Every_kind_of_cut_works_on_every_placement(string name, int workers)
    {
        using var scope = NewDisposeScope();
        foreach (var model in TestModels.All())
        {
            model.AssertStepEqualsUncut(ScheduleCatalog.Get(name), stages: 4, microBatches: 5, samples: 13, workers);
        }
    }

    [Theory]
    [MemberData(nameof(PlacementsOfFourStages))]
    public void Forward_and_evaluate_run_on_the_same_placement_for_any_number_of_micro_batches(string name, int workers)
    {
        using var scope = NewDisposeScope();
        using var model = Net(4);
        using var pipeline = Pipeline.Create(
            model, new PipelineOptions { Schedule = ScheduleCatalog.Get(name), Stages = 4, Workers = workers, MicroBatches = 5, LinkCapacity = 5 });
        foreach (var samples in new[] { 1, 2, 11 })
        {
            var (x, y) = (randn(samples, 4), randn(samples, 4));
            var expected = model.call(x);
            Assert.True(expected.allclose(pipeline.Forward(x), rtol: 1e-5, atol: 1e-6));
            using var evaluation = pipeline.Evaluate(x, y, MSELoss());
            Assert.Equal(functional.mse_loss(expected, y).item<float>(), evaluation.Loss, 1e-5);
            Assert.Equal(workers, evaluation.Timeline.Workers);
            Assert.All(evaluation.Timeline.Actions, record => Assert.Equal(ActionKind.Forward, record.Action.Kind));
        }
    }

    [Fact]
    public void Links_of_the_smallest_capacity_that_the_proof_finds_are_enough()
    {
        using var scope = NewDisposeScope();
        foreach (var schedule in FlushSchedules.All)
        {
            var shape = schedule.NearestShapes(new ScheduleShape(3, 6, 7), 1)[0];
            using var model = Net(shape.Stages);
            using var pipeline = Pipeline.Create(model, new PipelineOptions
            {
                Schedule = schedule,
                Stages = shape.Stages,
                Workers = shape.Workers,
                MicroBatches = shape.MicroBatches,
                LinkCapacity = ScheduleCheck.Verify(schedule.Build(shape)).LinkCapacity,
            });
            for (var i = 0; i < 5; i++) Assert.True(double.IsFinite(pipeline.TrainStep(randn(17, 4), randn(17, 4), MSELoss()).Loss));
        }
    }

    [Fact]
    public void A_schedule_of_ones_own_decides_the_placement()
    {
        // Neighbours on one worker, and a worker with the first and the last stage.
        var schedule = new FixedSchedule(ScheduleText.Parse("""
            0F0 0F1 3F0 3B0 3F1 3B1 0B0 0B1
            1F0 2F0 1F1 2F1 2B0 1B0 2B1 1B1
            """, name: "Own"));
        using var scope = NewDisposeScope();
        foreach (var model in TestModels.All()) model.AssertStepEqualsUncut(schedule, stages: 4, microBatches: 2, samples: 5, workers: 2);
    }

    private static PiecesNet Net(int stages)
        => new([.. Enumerable.Range(0, stages).SelectMany(_ => new Module<Tensor, Tensor>[] { Linear(4, 4), Tanh() })]);

    private static IEnumerable<int> Defined(PipelineSchedule schedule, int workers, int stages)
    {
        // All for two workers; for others those around the numbers of workers and stages.
        int[] numbers = workers switch { 1 => [1, 5], 2 => [1, 2, 3, 4, 5, 6, 7, 8], 3 => [2, 7], 4 => [1, 3, 8], _ => [5, 16] };
        return numbers.Where(m => schedule.WhyNot(new ScheduleShape(workers, stages, m)) is null);
    }
}
