using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

public sealed class ConcurrencyTests
{
    [Fact]
    public void Two_pipelines_at_once_do_what_each_does_alone()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (new HandCutNet(), new SequentialNet());
        var (x1, y1, x2, y2) = (randn(12, 6), randn(12, 3), randn(9, 5), randn(9, 2));
        var alone = (Train(first, x1, y1, 1), Train(second, x2, y2, 1));

        // Names and shapes of gradients are the models' own, so whatever mixes the two up shows.
        Dictionary<string, Tensor>? firstTogether = null, secondTogether = null;
        var one = new Thread(() => firstTogether = Train(first, x1, y1, 30));
        var other = new Thread(() => secondTogether = Train(second, x2, y2, 30));
        one.Start();
        other.Start();
        one.Join();
        other.Join();

        Gradients.AssertEqual(alone.Item1, firstTogether!);
        Gradients.AssertEqual(alone.Item2, secondTogether!);
    }

    [Fact]
    public void Of_many_threads_one_steps_and_the_others_are_refused()
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2 });
        var (x, y) = (randn(4, 6), randn(4, 3));
        using var refused = new CountdownEvent(3);
        model.InStage2 = _ => refused.Wait();

        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            if (Record.Exception(() => pipeline.TrainStep(x, y, nn.MSELoss())) is InvalidOperationException) refused.Signal();
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(0, refused.CurrentCount);
    }

    [Fact]
    public void Of_many_threads_that_call_again_and_again_every_call_succeeds_or_is_refused_and_no_gradient_is_lost()
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, IntraOpThreads = 1 });
        var (x, y) = (randn(4, 6), randn(4, 3));
        var one = Train(model, x, y, 1, microBatches: 2);
        var steps = 0;
        var others = 0;
        var threads = Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < 50; i++)
            {
                switch (Record.Exception(() => pipeline.TrainStep(x, y, nn.MSELoss())))
                {
                    case null:
                        Interlocked.Increment(ref steps);
                        break;
                    case InvalidOperationException refused when refused.Message.Contains("running a step already", StringComparison.Ordinal):
                        break;
                    default:
                        Interlocked.Increment(ref others);
                        break;
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(0, others);
        Assert.True(steps > 0);
        // As many equal gradients, one after another: the sum rounds the same way.
        var sums = Gradients.Take(model);
        foreach (var (name, gradient) in one)
        {
            var expected = gradient.clone();
            for (var i = 1; i < steps; i++) expected.add_(gradient);
            Assert.True(expected.allclose(sums[name], rtol: 1e-4), name);
        }
    }

    [Fact]
    public void Pipelines_on_one_model_take_turns()
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        using var first = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, IntraOpThreads = 1 });
        using var second = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, IntraOpThreads = 1, Schedule = PipelineSchedule.ZeroBubbleH1 });
        var (x, y) = (randn(4, 6), randn(4, 3));
        first.TrainStep(x, y, nn.MSELoss());
        var expected = Gradients.Take(model);
        second.TrainStep(x, y, nn.MSELoss());
        Gradients.AssertEqual(expected, Gradients.Take(model));
    }

    [Theory]
    [InlineData(true, true, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void While_one_pipeline_trains_a_model_no_other_runs_it(bool firstTrains, bool secondTrains, bool together)
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        using var first = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, Name = "first" });
        using var second = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2, Name = "second" });
        var (x, y) = (randn(4, 6), randn(4, 3));
        Exception? refused = null;
        var calls = 0;
        model.InStage2 = _ =>
        {
            if (calls++ == 0) refused = Record.Exception(() => Step(second, secondTrains));
        };

        Step(first, firstTrains);

        if (together) Assert.Null(refused);
        else Assert.Contains("is in a step of another pipeline ('first')", Assert.IsType<InvalidOperationException>(refused).Message, StringComparison.Ordinal);
        Step(second, secondTrains);

        void Step(IPipeline<HandCutNet> pipeline, bool train)
        {
            if (train) pipeline.TrainStep(x, y, nn.MSELoss());
            else pipeline.Forward(x).Dispose();
        }
    }

    /// <summary>The gradients of the last of many equal steps.</summary>
    private static Dictionary<string, Tensor> Train<TModel>(TModel model, Tensor x, Tensor y, int steps, int microBatches = 3)
        where TModel : nn.Module<Tensor, Tensor>, Model.IPipelineModel<TModel>
    {
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = microBatches, IntraOpThreads = 1 });
        for (var i = 1; ; i++)
        {
            pipeline.TrainStep(x, y, nn.MSELoss());
            var gradients = Gradients.Take(model);
            if (i == steps) return gradients;
            foreach (var gradient in gradients.Values) gradient.Dispose();
        }
    }
}
