using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>Promise 3: no tensor leaked.</summary>
public sealed class LeakTests
{
    [Theory]
    [InlineData("GPipe")]
    [InlineData("1F1B")]
    public void Live_tensors_are_as_many_after_200_steps_as_before(string schedule)
    {
        using var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, Options(schedule));
        using var x = randn(8, 6);
        using var y = randn(8, 3);
        pipeline.TrainStep(x, y, nn.MSELoss());
        var live = LiveTensors.Settled();

        for (var i = 0; i < 200; i++) pipeline.TrainStep(x, y, nn.MSELoss());

        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void Forward_and_evaluate_leave_only_what_the_caller_owns()
    {
        using var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, Options("1F1B"));
        using var x = randn(7, 6);
        using var y = randn(7, 3);
        var live = LiveTensors.Settled();

        for (var i = 0; i < 20; i++)
        {
            pipeline.Forward(x).Dispose();
            pipeline.Evaluate(x, y, nn.MSELoss()).Dispose();
        }

        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void Faults_in_every_stage_and_micro_batch_leave_nothing_behind()
    {
        using var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, Options("1F1B"));
        using var x = randn(8, 6);
        using var y = randn(8, 3);
        pipeline.TrainStep(x, y, nn.MSELoss());
        var live = LiveTensors.Settled();

        for (var i = 0; i < 50; i++)
        {
            var calls = 0;
            var failing = i % 4;
            model.InStage2 = _ =>
            {
                if (calls++ == failing) throw new InvalidOperationException();
            };
            Assert.Throws<PipelineException>(() => pipeline.TrainStep(x, y, nn.MSELoss()));
            Assert.Equal(live, Tensor.TotalCount);
            model.InStage2 = null;
            pipeline.TrainStep(x, y, nn.MSELoss());
        }

        Assert.Equal(live, Tensor.TotalCount);
    }

    private static PipelineOptions Options(string schedule) => new()
    {
        Schedule = schedule == "GPipe" ? PipelineSchedule.GPipe : PipelineSchedule.OneForwardOneBackward,
        MicroBatches = 4,
    };
}
