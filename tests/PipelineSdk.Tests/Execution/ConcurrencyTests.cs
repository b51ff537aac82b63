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
    public void Disposing_while_a_step_runs_waits_for_the_step()
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 2 });
        using var inStage = new ManualResetEventSlim();
        using var disposing = new ManualResetEventSlim();
        model.InStage2 = _ =>
        {
            inStage.Set();
            disposing.Wait();
        };
        var disposer = new Thread(() =>
        {
            inStage.Wait();
            disposing.Set();
            pipeline.Dispose();
        });
        disposer.Start();

        var step = pipeline.TrainStep(randn(4, 6), randn(4, 3), nn.MSELoss());

        disposer.Join();
        Assert.True(double.IsFinite(step.Loss));
        Assert.Throws<ObjectDisposedException>(() => pipeline.Forward(randn(4, 6)));
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

    /// <summary>The gradients of the last of many equal steps.</summary>
    private static Dictionary<string, Tensor> Train<TModel>(TModel model, Tensor x, Tensor y, int steps)
        where TModel : nn.Module<Tensor, Tensor>, Model.IPipelineModel<TModel>
    {
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 3, IntraOpThreads = 1 });
        for (var i = 1; ; i++)
        {
            pipeline.TrainStep(x, y, nn.MSELoss());
            var gradients = Gradients.Take(model);
            if (i == steps) return gradients;
            foreach (var gradient in gradients.Values) gradient.Dispose();
        }
    }
}
