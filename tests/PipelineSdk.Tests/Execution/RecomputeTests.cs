using Microsoft.Extensions.Options;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>A stage that runs its forward twice yields what a stage that keeps its activations does, and keeps less.</summary>
public sealed class RecomputeTests
{
    private static readonly ActivationRecompute[] Modes = [ActivationRecompute.ExceptLastMicroBatch, ActivationRecompute.Always];

    [Theory]
    [MemberData(nameof(ScheduleEqualityTests.PlacementsOfFourStages), MemberType = typeof(ScheduleEqualityTests))]
    public void Loss_and_gradients_equal_the_uncut_model(string name, int workers)
    {
        using var scope = NewDisposeScope();
        foreach (var model in TestModels.All())
        {
            foreach (var mode in Modes)
            {
                model.AssertStepEqualsUncut(
                    ScheduleCatalog.Get(name), stages: 4, microBatches: 4, samples: 9, workers, options => options.Recompute = mode);
            }
        }
    }

    [Theory]
    [InlineData("GPipe", 3)]
    [InlineData("1F1B", 3)]
    [InlineData("Interleaved1F1B", 1)]
    [InlineData("ZB-H1", 3)]
    public void What_a_stage_changes_is_as_it_was_in_the_second_run(string schedule, int workers)
    {
        AssertSame(static () => new ChangingNet(), [4], [4], schedule, workers, stages: 3);
    }

    [Theory]
    [InlineData("GPipe", 4)]
    [InlineData("1F1B", 4)]
    [InlineData("LoopedBFS", 2)]
    [InlineData("ZB-H1", 4)]
    public void Batch_normalisation_counts_every_micro_batch_once(string schedule, int workers)
    {
        AssertSame(() => Norms(0.1), [2, 6, 6], [9], schedule, workers, stages: 4);
        AssertSame(() => Norms(null), [2, 6, 6], [9], schedule, workers, stages: 4);

        static PiecesNet Norms(double? momentum)
        {
            var (first, second) = (BatchNorm2d(3), BatchNorm2d(4));
            first.momentum = second.momentum = momentum;
            return new PiecesNet(
                Conv2d(2, 3, 3, padding: 1), first, ReLU(inplace: true), Sequential(Conv2d(3, 4, 3, stride: 2, padding: 1), second),
                Flatten(), BatchNorm1d(36), Linear(36, 9));
        }
    }

    [Theory]
    [InlineData("PipeDream")]
    [InlineData("PipeDream-2BW")]
    public void Without_flushes_the_second_run_reads_the_weights_that_the_first_one_read(string name)
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn(18, 4), randn(18, 4));
        var expected = Train(ActivationRecompute.Never);
        foreach (var mode in Modes) Gradients.AssertEqual(expected, Train(mode));

        Dictionary<string, Tensor> Train(ActivationRecompute mode)
        {
            manual_seed(3);
            using var model = new PiecesNet(Linear(4, 4), Sequential(Tanh(), Dropout(0.2), Linear(4, 4)), Linear(4, 4));
            using var pipeline = Pipeline.Create(model, new PipelineOptions
            {
                Schedule = ScheduleCatalog.Get(name),
                Stages = 3,
                MicroBatches = 9,
                Recompute = mode,
                Optimizer = static parameters => optim.SGD(parameters, 0.1, momentum: 0.9),
                Seed = 1,
            });
            for (var i = 0; i < 2; i++) pipeline.TrainStep(x, y, MSELoss());
            return model.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter.clone());
        }
    }

    [Fact]
    public void Inputs_that_require_a_gradient_receive_it()
    {
        using var scope = NewDisposeScope();
        using var model = new HandCutNet();
        var (x, y) = (randn(8, 6).requires_grad_(), randn(8, 3));
        var gradients = Enum.GetValues<ActivationRecompute>().Select(mode =>
        {
            using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 4, Recompute = mode });
            pipeline.TrainStep(x, y, MSELoss());
            var gradient = x.grad!.clone();
            x.grad = null;
            return gradient;
        }).ToList();
        Assert.All(gradients, gradient => Assert.True(gradients[0].Equals(gradient)));
    }

    [Fact]
    public void A_frozen_model_needs_no_second_run()
    {
        using var scope = NewDisposeScope();
        using var model = new HandCutNet();
        foreach (var parameter in model.parameters()) parameter.requires_grad = false;
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, Recompute = ActivationRecompute.Always });
        Assert.True(double.IsFinite(pipeline.TrainStep(randn(4, 6), randn(4, 3), MSELoss()).Loss));
        Assert.All(model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Modes_say_for_each_stage_and_micro_batch_whether_the_forward_runs_again_and_the_timeline_shows_it()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Linear(4, 4), Linear(4, 4), Linear(4, 4));
        var runs = new int[3];
        model.BeforeLayer = layer => Interlocked.Increment(ref runs[layer]);
        var losses = 0;
        using var pipeline = Pipeline.Create(model, new PipelineOptions
        {
            Stages = 3,
            MicroBatches = 4,
            Recompute = ActivationRecompute.Always,
            RecomputeOfStage = { [0] = ActivationRecompute.Never, [1] = ActivationRecompute.ExceptLastMicroBatch },
        });

        var step = pipeline.TrainStep(randn(8, 4), randn(8, 4), (output, target) =>
        {
            losses++;
            return functional.mse_loss(output, target);
        });

        Assert.Equal([4, 7, 8], runs);
        Assert.Equal(4, losses);
        Assert.All(step.Timeline.Actions, record =>
        {
            var again = record.Action.Kind == ActionKind.Backward
                && record.Action.Stage switch { 0 => false, 1 => record.Action.MicroBatch < 3, _ => true };
            Assert.Equal(again, record.Recompute > TimeSpan.Zero);
            Assert.True(record.Recompute <= record.End - record.Start);
        });
    }

    [Theory]
    [InlineData(ActivationRecompute.Never, 4)]
    [InlineData(ActivationRecompute.ExceptLastMicroBatch, 2)]
    [InlineData(ActivationRecompute.Always, 1)]
    public void A_stage_keeps_the_graphs_that_its_mode_says(ActivationRecompute mode, int graphs)
    {
        using var scope = NewDisposeScope();
        var probe = new GraphProbe();
        using var model = new PiecesNet(Linear(4, 4), probe, Tanh(), Linear(4, 4));
        using var pipeline = Pipeline.Create(model, new PipelineOptions
        {
            Schedule = PipelineSchedule.GPipe,
            Stages = 1,
            MicroBatches = 4,
            Recompute = mode,
        });
        var calls = 0;
        var live = 0;
        model.BeforeLayer = layer =>
        {
            // The first of second runs, with its own graph; where there is none, the last forward.
            if (layer == 2 && ++calls == (mode == ActivationRecompute.Never ? 4 : 5)) live = probe.LiveGraphs();
        };
        pipeline.TrainStep(randn(8, 4), randn(8, 4), MSELoss());
        Assert.Equal(graphs, live);
    }

    [Theory]
    [InlineData("1F1B", ActionKind.Backward)]
    [InlineData("ZB-H1", ActionKind.InputGradient)]
    public void An_exception_in_the_second_run_fails_the_backward_and_leaves_nothing_behind(string schedule, ActionKind kind)
    {
        using var scope = NewDisposeScope();
        var norm = BatchNorm1d(4);
        using var model = new PiecesNet(Linear(4, 4), norm, ReLU(inplace: true), Linear(4, 4));
        using var pipeline = Pipeline.Create(
            model, new PipelineOptions { Schedule = ScheduleCatalog.Get(schedule), Stages = 2, MicroBatches = 3, Recompute = ActivationRecompute.Always });
        var (x, y) = (randn(9, 4), randn(9, 4));
        pipeline.TrainStep(x, y, MSELoss());
        var live = LiveTensors.Settled();
        var failedIn = new Dictionary<ActionKind, int>();
        for (var failing = 0; failing < 2 * 3 * model.layers.Count; failing++)
        {
            var calls = 0;
            model.BeforeLayer = layer =>
            {
                if (layer == failing % 4 && calls++ == failing / 4) throw new FormatException("no");
            };

            var failure = Assert.Throws<PipelineException>(() => pipeline.TrainStep(x, y, MSELoss()));

            Assert.IsType<FormatException>(failure.InnerException);
            failedIn[failure.Action.Kind] = failedIn.GetValueOrDefault(failure.Action.Kind) + 1;
            Assert.Equal(live, Tensor.TotalCount);
            Assert.Equal(0.1, norm.momentum);
        }

        // The first stage's backwards are whole under both schedules.
        Assert.Equal(3 * model.layers.Count, failedIn.Where(failed => failed.Key != ActionKind.Forward).Sum(failed => failed.Value));
        Assert.Equal(new[] { ActionKind.Forward, ActionKind.Backward, kind }.Distinct(), failedIn.Keys.Order());
        model.BeforeLayer = null;
        Assert.True(double.IsFinite(pipeline.TrainStep(x, y, MSELoss()).Loss));
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void A_stage_that_is_not_repeatable_is_refused()
    {
        using var scope = NewDisposeScope();
        var calls = 0;
        using var model = new PiecesNet(Linear(4, 4), new Hooked(x => calls++ == 0 ? x : x.detach()), Linear(4, 4));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 3, MicroBatches = 1, Recompute = ActivationRecompute.Always });
        var failure = Assert.Throws<PipelineException>(() => pipeline.TrainStep(randn(2, 4), randn(2, 4), MSELoss()));
        Assert.Contains("Stage 1 (layers.1) computed other tensors when its forward was run again", failure.Message, StringComparison.Ordinal);
        Assert.Contains("RecomputeOfStage[1] = ActivationRecompute.Never", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_hundred_steps_leave_no_tensor_behind()
    {
        using var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 4, Recompute = ActivationRecompute.ExceptLastMicroBatch });
        using var x = randn(8, 6);
        using var y = randn(8, 3);
        pipeline.TrainStep(x, y, MSELoss());
        var live = LiveTensors.Settled();
        for (var i = 0; i < 200; i++) pipeline.TrainStep(x, y, MSELoss());
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void Stages_that_do_not_exist_and_modes_that_do_not_are_refused()
    {
        using var model = new HandCutNet();
        var missing = Assert.Throws<ArgumentException>(
            () => Pipeline.Create(model, new PipelineOptions { RecomputeOfStage = { [4] = ActivationRecompute.Always } }));
        Assert.Equal(
            "PipelineOptions.RecomputeOfStage names stage 4, but pipeline 'HandCutNet' has stages 0 to 3 (a | b | c | d).", missing.Message);
        Assert.Equal("PipelineOptions.RecomputeOfStage names stage -1: stages count from 0.", Refusal(new PipelineOptions { RecomputeOfStage = { [-1] = default } }));
        Assert.Equal("PipelineOptions.Recompute is 7: choose Never, ExceptLastMicroBatch, Always.", Refusal(new PipelineOptions { Recompute = (ActivationRecompute)7 }));

        string Refusal(PipelineOptions options) => Assert.Throws<OptionsValidationException>(() => Pipeline.Create(model, options)).Message;
    }

    private static void AssertSame<TModel>(Func<TModel> create, long[] input, long[] output, string schedule, int workers, int stages)
        where TModel : Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        using var scope = NewDisposeScope();
        var (x, y) = (randn([13, .. input]), randn([13, .. output]));
        var expected = Train(ActivationRecompute.Never);
        foreach (var mode in Modes)
        {
            var actual = Train(mode);
            Assert.Equal(expected.Losses, actual.Losses);
            Gradients.AssertEqual(expected.State, actual.State);
        }

        (List<double> Losses, Dictionary<string, Tensor> State) Train(ActivationRecompute mode)
        {
            manual_seed(3);
            var model = create();
            using var optimizer = optim.SGD(model.parameters(), 0.01);
            using var pipeline = Pipeline.Create(model, new PipelineOptions
            {
                Schedule = ScheduleCatalog.Get(schedule),
                Stages = stages,
                Workers = workers,
                MicroBatches = 4,
                Recompute = mode,
            });
            var losses = new List<double>();
            for (var i = 0; i < 3; i++)
            {
                optimizer.zero_grad();
                losses.Add(pipeline.TrainStep(x.clone(), y, MSELoss()).Loss);
                optimizer.step();
            }

            return (losses, model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone()));
        }
    }

    private sealed class Hooked(Func<Tensor, Tensor> run) : Module<Tensor, Tensor>(nameof(Hooked))
    {
        public override Tensor forward(Tensor input) => run(input);
    }
}
