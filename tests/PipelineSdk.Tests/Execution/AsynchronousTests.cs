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
        // Stage s reads, for the forward and the backward of mini-batch k, the weights that k - (n-1-s) mini-batches have changed.
        AssertEqualsReference(
            PipelineSchedule.PipeDream, stages, batches, adam ? Adam : Momentum,
            version: (stage, k) => Math.Max(0, k - (stages - 1 - stage)), updateOf: k => k + 1);
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
        AssertEqualsReference(
            new PipeDreamTwoBufferedWeightsSchedule(perUpdate), stages, microBatches, Momentum,
            version: (_, k) => Math.Max(0, (k / perUpdate) - 1), updateOf: k => (k / perUpdate) + 1);
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
        PipelineSchedule schedule, int stages, int microBatches,
        Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer> optimizer, Func<int, int, int> version, Func<int, int> updateOf)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = Net(stages);
        var samples = (2 * microBatches) + 1;
        var (x, y) = (randn(samples, 4), randn(samples, 4));
        var (losses, expected) = Reference(model, x, y, microBatches, optimizer, version, updateOf);

        using var pipeline = Pipeline.Create(model, Options(schedule, stages, microBatches, optimizer));
        var result = pipeline.TrainStep(x, y, MSELoss());
        Assert.True(result.WeightsChanged);
        Assert.Equal(losses, result.MicroBatchLosses);
        Gradients.AssertEqual(expected, model.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter));
    }

    /// <summary>One mini-batch after another, with a list of all versions of every stage's weights. Knows no program.</summary>
    private static (double[] Losses, Dictionary<string, Tensor> Weights) Reference(
        PiecesNet model, Tensor x, Tensor y, int microBatches, Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer> optimizer,
        Func<int, int, int> version, Func<int, int> updateOf)
    {
        var layers = model.layers.Select(layer => layer.named_parameters().ToList()).ToList();
        var newest = layers.Select(layer => layer.Select(entry => (entry.name, new Parameter(entry.parameter.detach().clone()))).ToList()).ToList();
        var optimizers = newest.Select(parameters => optimizer(parameters)).ToList();
        var versions = newest.Select(stage => new List<Tensor[]> { Copy(stage) }).ToList();
        var sizes = Enumerable.Range(0, microBatches).Select(i => x.shape[0] / microBatches + (i < x.shape[0] % microBatches ? 1 : 0)).ToArray();
        var pieces = x.split(sizes).Zip(y.split(sizes)).ToList();
        var losses = new double[microBatches];
        for (var k = 0; k < microBatches; k++)
        {
            var read = Enumerable.Range(0, layers.Count).Select(stage => versions[stage][version(stage, k)].Select(w => w.clone().requires_grad_()).ToArray()).ToList();
            var h = pieces[k].First;
            foreach (var weights in read) h = functional.linear(h, weights[0], weights[1]).tanh();
            var loss = functional.mse_loss(h, pieces[k].Second);
            losses[k] = loss.item<float>();
            var group = sizes.Where((_, i) => updateOf(i) == updateOf(k)).Sum();
            autograd.backward(loss, full_like(loss, (double)sizes[k] / group));
            for (var stage = 0; stage < layers.Count; stage++)
            {
                for (var i = 0; i < 2; i++)
                {
                    var parameter = newest[stage][i].Item2;
                    parameter.grad = parameter.grad is { } sum ? sum + read[stage][i].grad! : read[stage][i].grad;
                }

                if (k < microBatches - 1 && updateOf(k + 1) == updateOf(k)) continue;
                optimizers[stage].step();
                foreach (var (_, parameter) in newest[stage]) parameter.grad = null;
                versions[stage].Add(Copy(newest[stage]));
            }
        }

        var result = newest.SelectMany((stage, i) => stage.Select(entry => ($"layers.{i}.{entry.name}", entry.Item2)))
            .ToDictionary(entry => entry.Item1, entry => (Tensor)entry.Item2);
        return (losses, result);

        static Tensor[] Copy(List<(string, Parameter)> stage) => [.. stage.Select(entry => entry.Item2.detach().clone())];
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
