using PipelineSdk.Schedules;
using PipelineSdk.Testing;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Training;

/// <summary>What does not learn costs no backward; what learns before it still gets its gradient.</summary>
public sealed class FrozenStageTests
{
    public static TheoryData<string, int> Placements => new()
    {
        { "GPipe", 4 }, { "1F1B", 4 }, { "Interleaved1F1B", 2 }, { "LoopedBFS", 2 }, { "ZB-H1", 4 }, { "InterleavedZeroBubble", 2 }, { "ZB-V", 2 }, { "DualPipeV", 2 },
    };

    [Theory]
    [MemberData(nameof(Placements))]
    public void Frozen_first_stages_get_no_gradients_and_do_no_backward(string schedule, int workers)
    {
        using var scope = NewDisposeScope();
        var probe = new GradProbe();
        var model = Net(probe);
        Freeze(model, "layers.0.", "layers.1.");
        using var pipeline = Pipeline.Create(model, Options(schedule, workers));
        var step = pipeline.TrainStep(randn(8, 4), randn(8, 4), MSELoss());

        // The graph begins in the first stage that learns; nothing goes back from it.
        Assert.Equal(4, probe.RequiredGrad.Count);
        Assert.DoesNotContain(true, probe.RequiredGrad);
        Assert.All(
            step.Timeline.Actions.Where(record => record.Action.Kind is ActionKind.Backward or ActionKind.InputGradient && record.Action.Stage <= 2),
            record => Assert.Equal(0, record.Bytes));
        Assert.Equal(["layers.3.bias", "layers.3.weight", "layers.4.bias", "layers.4.weight"], Gradients.Take(model).Keys.Order());
    }

    [Theory]
    [MemberData(nameof(Placements))]
    public void Whatever_is_frozen_the_numbers_are_those_of_the_uncut_model(string schedule, int workers)
    {
        using var scope = NewDisposeScope();
        string[][] frozen =
        [
            ["layers.0."],
            ["layers.1.", "layers.3."],
            ["layers.4."],
            ["layers.0.weight", "layers.1.bias", "layers.3.weight"],
            ["layers.0.", "layers.1.", "layers.3.", "layers.4.weight"],
        ];
        foreach (var names in frozen)
        {
            PipelineAssert.EquivalentTo(
                () =>
                {
                    var model = Net(new GradProbe());
                    Freeze(model, names);
                    return model;
                },
                Options(schedule, workers),
                [(randn(11, 4), randn(11, 4)), (randn(8, 4), randn(8, 4))],
                MSELoss());
        }
    }

    [Theory]
    [MemberData(nameof(Placements))]
    public void What_learns_may_change_between_steps(string schedule, int workers)
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        var model = Net(new GradProbe());
        var options = Options(schedule, workers);
        var order = FlushSchedules.OrderOfGradients(options.Schedule.Build(new ScheduleShape(workers, 4, 4)));
        var uncut = new UncutTrainer<PiecesNet, Tensor>(
            model, static (net, inputs) => net.call((Tensor)inputs.Values[0]!), static (output, target) => functional.mse_loss(output, target), options, nameof(PiecesNet));
        using var pipeline = Pipeline.Create(model, options);
        foreach (var names in (string[][])[[], ["layers.0.", "layers.1."], ["layers.1.weight", "layers.4."], []])
        {
            foreach (var parameter in model.parameters()) parameter.requires_grad = true;
            Freeze(model, names);
            var (x, y) = (randn(11, 4), randn(11, 4));
            var expectedLoss = uncut.Step(new ComparedBatch.Whole(x, y).Pieces(PiecesNet.Blueprint, options, 4), [0, 1, 2, 3], order);
            var expected = Gradients.Take(model);
            Assert.Equal(8 - model.named_parameters().Count(entry => !entry.parameter.requires_grad), expected.Count);

            var step = pipeline.TrainStep(x, y, MSELoss());
            Assert.Equal(expectedLoss, step.Loss);
            Gradients.AssertEqual(expected, Gradients.Take(model));
        }
    }

    [Fact]
    public void A_model_that_does_not_learn_at_all_runs()
    {
        using var scope = NewDisposeScope();
        var model = Net(new GradProbe());
        Freeze(model, "layers.");
        using var pipeline = Pipeline.Create(model, Options("1F1B", 4));
        Assert.True(double.IsFinite(pipeline.TrainStep(randn(8, 4), randn(8, 4), MSELoss()).Loss));
        Assert.Empty(Gradients.Take(model));
    }

    /// <summary>Four stages: a layer in each, and a probe before the third.</summary>
    private static PiecesNet Net(GradProbe probe)
        => new(Linear(4, 6), Linear(6, 6), probe, Linear(6, 6), Linear(6, 4)) { Pins = [0, 1, 2, 2, 3] };

    private static void Freeze(nn.Module model, params string[] names)
    {
        foreach (var (name, parameter) in model.named_parameters())
        {
            if (names.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))) parameter.requires_grad = false;
        }
    }

    private static PipelineOptions Options(string schedule, int workers)
        => new() { Schedule = ScheduleCatalog.Get(schedule), Workers = workers, MicroBatches = 4, IntraOpThreads = 1 };
}
