using PipelineSdk.Schedules;
using PipelineSdk.Testing;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Training;

/// <summary>Losses of middle stages travel with the output, and their gradients back.</summary>
public sealed class AuxiliaryLossTests
{
    [Theory]
    [InlineData("GPipe", 4, 4)]
    [InlineData("1F1B", 4, 4)]
    [InlineData("1F1B", 2, 2)]
    [InlineData("Interleaved1F1B", 4, 2)]
    [InlineData("ZB-H1", 4, 4)]
    [InlineData("ZB-V", 4, 2)]
    public void They_train_as_in_the_uncut_model(string schedule, int stages, int workers)
    {
        using var scope = NewDisposeScope();
        PipelineAssert.EquivalentTo<AuxiliaryNet, (Tensor Output, Tensor Early, Tensor Penalty)>(
            static () => new AuxiliaryNet(),
            static (model, inputs) => model.call((Tensor)inputs.Values[0]!),
            new PipelineOptions { Schedule = ScheduleCatalog.Get(schedule), Stages = stages, Workers = workers, MicroBatches = 4, IntraOpThreads = 1 },
            [(randn(11, 6), randn(11, 3)), (randn(8, 6), randn(8, 3))],
            static (result, targets) => nn.functional.mse_loss(result.Output, targets) + (0.3 * nn.functional.mse_loss(result.Early, targets)) + (0.01 * result.Penalty));
    }

    [Fact]
    public void One_that_reaches_no_loss_sends_no_gradient()
    {
        using var scope = NewDisposeScope();
        var model = new AuxiliaryNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, IntraOpThreads = 1 });
        pipeline.TrainStep<(Tensor Output, Tensor Early, Tensor Penalty)>(
            randn(4, 6), randn(4, 3), static (result, targets) => nn.functional.mse_loss(result.Early, targets));
        Assert.Equal(["exit.bias", "exit.weight", "first.bias", "first.weight", "second.bias", "second.weight"], Gradients.Take(model).Keys.Order());
    }
}
