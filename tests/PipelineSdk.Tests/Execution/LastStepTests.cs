using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>A pipeline keeps its last step, and what it recorded explains itself.</summary>
public sealed class LastStepTests : IDisposable
{
    private readonly HandCutNet model = new();
    private readonly Tensor x = randn(8, 6);
    private readonly Tensor y = randn(8, 3);

    [Fact]
    public void The_last_step_is_that_of_the_last_call_that_ended_well()
    {
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 3, MicroBatches = 4 });
        Assert.Null(pipeline.LastStep);

        var step = pipeline.TrainStep(x, y, nn.MSELoss());
        Assert.Same(step.Timeline, pipeline.LastStep);

        using var evaluated = pipeline.Evaluate(x, y, nn.MSELoss());
        Assert.Equal("evaluate", pipeline.LastStep!.Mode);
        Assert.Same(PipelineSchedule.ForwardOnly, pipeline.LastStep.Rule);

        var last = pipeline.LastStep;
        Assert.Throws<PipelineException>(() => pipeline.TrainStep(x, y, (_, _) => throw new InvalidOperationException("no loss today")));
        Assert.Same(last, pipeline.LastStep);
    }

    [Theory]
    [InlineData("1F1B", 3, 3)]
    [InlineData("Interleaved1F1B", 2, 4)]
    [InlineData("ZB-H1", 3, 3)]
    public void What_a_pipeline_recorded_is_explained_to_the_tick(string schedule, int workers, int stages)
    {
        using var pipeline = Pipeline.Create(
            model, new PipelineOptions { Schedule = ScheduleCatalog.Get(schedule), Stages = stages, Workers = workers, MicroBatches = 4 });
        for (var i = 0; i < 5; i++)
        {
            var step = pipeline.TrainStep(x, y, nn.MSELoss()).Timeline;
            Assert.All(step.Actions, record =>
                Assert.True(record.Start <= record.WorkEnd && record.HandOver >= TimeSpan.Zero && record.Paused >= TimeSpan.Zero && record.Work > TimeSpan.Zero));

            var explanation = step.Explain();

            Assert.Equal(step.Duration, explanation.Ideal + explanation.Lost.Total);
            Assert.All(explanation.Workers, worker => Assert.Equal(step.Duration, worker.Work + worker.Idle.Total));
            Assert.True(explanation.Lost.HandOver >= TimeSpan.Zero && explanation.Lost.Host > TimeSpan.Zero);
            Assert.Equal(["8 micro-batches", "16 micro-batches", "equal stages"], explanation.Prospects.Select(prospect => prospect.Change));
        }
    }

    public void Dispose()
    {
        model.Dispose();
        x.Dispose();
        y.Dispose();
    }
}
