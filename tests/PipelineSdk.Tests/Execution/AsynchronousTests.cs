using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>
/// Schedules without flushes equal a plain single-thread implementation of the same staleness, bit for bit, and hold as many versions of the weights as they say.
/// </summary>
public sealed class AsynchronousTests
{
    private static readonly Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer> Momentum =
        parameters => optim.SGD(parameters, 0.1, momentum: 0.9);

    private static readonly Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer> Adam =
        parameters => optim.Adam(parameters, 0.01);

    public static TheoryData<int, int, bool> Shapes()
    {
        var shapes = new TheoryData<int, int, bool>();
        foreach (var stages in new[] { 1, 2, 3, 4 })
        {
            foreach (var batches in new[] { 1, 2, 5, 9 }) shapes.Add(stages, batches, (stages + batches) % 2 == 0);
        }

        return shapes;
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void PipeDream_equals_a_plain_implementation_of_its_staleness(int stages, int batches, bool adam)
    {
        AssertEqualsReference(PipelineSchedule.PipeDream, stages, batches, adam ? Adam : Momentum);
    }

    [Theory]
    [InlineData(1, 5, 1)]
    [InlineData(2, 7, 2)]
    [InlineData(2, 9, 3)]
    [InlineData(3, 12, 4)]
    [InlineData(4, 4, 4)]
    [InlineData(4, 11, 4)]
    public void PipeDream_2BW_equals_a_plain_implementation_of_its_staleness(int stages, int microBatches, int perUpdate)
    {
        AssertEqualsReference(new PipeDreamTwoBufferedWeightsSchedule(perUpdate), stages, microBatches, Momentum);
    }

    [Theory]
    [InlineData("PipeDream", "one parameter")]
    [InlineData("PipeDream", "one storage")]
    [InlineData("PipeDream", "transposed")]
    [InlineData("PipeDream-2BW", "one storage")]
    public void A_weight_that_a_stage_has_twice_changes_as_in_a_plain_implementation(string name, string how)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        int?[] stageOfLayer = [0, 0, 1, 1, 2, 2];
        using var model = Shared();
        using var reference = Shared();
        reference.load_state_dict(model.state_dict());
        AssertEqualsReference(ScheduleCatalog.Get(name), model, reference, [.. stageOfLayer.Select(stage => stage!.Value)], microBatches: 7, Adam);

        PiecesNet Shared()
        {
            var layers = stageOfLayer.Select(_ => Linear(4, 4)).ToArray();
            for (var i = 0; i < layers.Length; i += 2)
            {
                layers[i + 1].weight = how switch
                {
                    "one parameter" => layers[i].weight,
                    "one storage" => new Parameter(layers[i].weight.detach()),
                    _ => new Parameter(layers[i].weight.detach().t()),
                };
            }

            return new PiecesNet([.. layers]) { Pins = stageOfLayer };
        }
    }

    [Theory]
    [InlineData("PipeDream")]
    [InlineData("PipeDream-2BW")]
    public void As_many_versions_are_held_as_the_schedule_says(string name)
    {
        using var scope = NewDisposeScope();
        const int stages = 4, batches = 13;
        var schedule = ScheduleCatalog.Get(name);
        var says = ScheduleCheck.Verify(schedule.Build(new ScheduleShape(stages, stages, batches)), batches).WeightVersions!.PeakVersions;
        using var model = Net(stages);
        using var pipeline = (Pipeline<PiecesNet>)Pipeline.Create(model, Options(schedule, stages, batches, Momentum));
        var peaks = new int[stages];
        model.BeforeLayer = stage => peaks[stage] = Math.Max(peaks[stage], pipeline.VersionsOf(stage)!.Value);
        pipeline.TrainStep(randn(26, 4), randn(26, 4), MSELoss());
        Assert.Equal(says, peaks);
        Assert.All(Enumerable.Range(0, stages), stage => Assert.Equal(1, pipeline.VersionsOf(stage)));
    }

    [Fact]
    public void Runs_follow_each_other_and_leave_no_tensor_behind()
    {
        using var scope = NewDisposeScope();
        using var model = Net(3);
        using var pipeline = Pipeline.Create(model, Options(PipelineSchedule.PipeDream, 3, 6, Momentum));
        var (x, y) = (randn(12, 4), randn(12, 4));
        var first = pipeline.TrainStep(x, y, MSELoss()).Loss;
        var live = LiveTensors.Settled();
        var last = first;
        for (var i = 0; i < 20; i++) last = pipeline.TrainStep(x, y, MSELoss()).Loss;
        Assert.Equal(live, LiveTensors.Settled());
        Assert.True(last < first / 2, $"{first} -> {last}");
    }

    [Fact]
    public void A_failed_run_leaves_the_newest_weights_and_the_next_run_works()
    {
        using var scope = NewDisposeScope();
        using var model = Net(3);
        using var pipeline = (Pipeline<PiecesNet>)Pipeline.Create(model, Options(PipelineSchedule.PipeDream, 3, 8, Momentum));
        var (x, y) = (randn(16, 4), randn(16, 4));
        pipeline.TrainStep(x, y, MSELoss());
        var live = LiveTensors.Settled();
        var runs = 0;
        model.BeforeLayer = stage =>
        {
            if (stage == 1 && ++runs == 5) throw new InvalidOperationException("five");
        };
        var error = Assert.Throws<PipelineException>(() => pipeline.TrainStep(x, y, MSELoss()));
        Assert.Equal((1, 4), (error.Stage, error.MicroBatch));
        model.BeforeLayer = null;
        Assert.All(Enumerable.Range(0, 3), stage => Assert.Equal(1, pipeline.VersionsOf(stage)));
        foreach (var parameter in model.parameters()) parameter.grad = null;
        Assert.True(LiveTensors.Settled() <= live);
        Assert.True(double.IsFinite(pipeline.TrainStep(x, y, MSELoss()).Loss));
    }

    [Fact]
    public void Mini_batches_of_a_run_may_be_given_one_by_one()
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn(9, 4), randn(9, 4));
        Dictionary<string, Tensor> Train(Func<IPipeline<PiecesNet>, StepResult> step)
        {
            manual_seed(3);
            using var model = Net(3);
            using var pipeline = Pipeline.Create(model, Options(PipelineSchedule.PipeDream, 3, 3, Momentum));
            step(pipeline);
            return model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        }

        Gradients.AssertEqual(
            Train(pipeline => pipeline.TrainStep(x, y, MSELoss())),
            Train(pipeline => pipeline.TrainStep([.. x.split(3).Zip(y.split(3)).Select(pair => new MicroBatch(pair.First, pair.Second))], MSELoss())));
    }

    [Fact]
    public void What_has_no_meaning_without_a_flush_is_refused()
    {
        using var model = Net(2);
        AssertRefused("Set PipelineOptions.Optimizer", options => options.Optimizer = null);
        AssertRefused("MaxGradientNorm is set, but PipeDream has no flush", options => options.MaxGradientNorm = 1);
        AssertRefused("AccumulationSteps is set, but PipeDream has no flush", options => options.AccumulationSteps = 2);

        void AssertRefused(string text, Action<PipelineOptions> change)
        {
            var options = Options(PipelineSchedule.PipeDream, 2, 4, Momentum);
            change(options);
            Assert.Contains(text, Assert.Throws<ArgumentException>(() => Pipeline.Create(model, options)).Message, StringComparison.Ordinal);
        }
    }

    private static void AssertEqualsReference(
        PipelineSchedule schedule, int stages, int microBatches, Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer> optimizer)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = Net(stages);
        using var reference = Net(stages);
        reference.load_state_dict(model.state_dict());
        AssertEqualsReference(schedule, model, reference, [.. Enumerable.Range(0, stages)], microBatches, optimizer);
    }

    /// <summary>Two runs, so that the second begins with what the first has left.</summary>
    private static void AssertEqualsReference(
        PipelineSchedule schedule, PiecesNet model, PiecesNet reference, int[] stageOfLayer, int microBatches,
        Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer> optimizer)
    {
        var (stages, samples) = (stageOfLayer.Max() + 1, (2 * microBatches) + 1);
        using var trainer = new StaleTrainer(reference, stageOfLayer, StaleTrainer.PerUpdate(schedule, stages), optimizer);
        using var pipeline = Pipeline.Create(model, Options(schedule, stages, microBatches, optimizer));
        for (var run = 0; run < 2; run++)
        {
            var (x, y) = (randn(samples, 4), randn(samples, 4));
            var losses = trainer.Train(x, y, microBatches, MSELoss());
            var result = pipeline.TrainStep(x, y, MSELoss());
            Assert.True(result.WeightsChanged);
            Assert.Equal(losses, result.MicroBatchLosses);
            Gradients.AssertEqual(
                reference.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter),
                model.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter));
        }
    }

    private static PipelineOptions Options(
        PipelineSchedule schedule, int stages, int microBatches, Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer> optimizer)
    {
        return new PipelineOptions
        {
            Schedule = schedule,
            Stages = stages,
            MicroBatches = microBatches,
            IntraOpThreads = 1,
            Optimizer = optimizer,
        };
    }

    private static PiecesNet Net(int stages)
        => new([.. Enumerable.Range(0, stages).Select(_ => (Module<Tensor, Tensor>)Sequential(Linear(4, 4), Tanh()))]);
}
