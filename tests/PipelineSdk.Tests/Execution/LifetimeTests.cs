using Microsoft.Extensions.DependencyInjection;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>A pipeline can be disposed at any time, from anywhere; its threads end, and the model stays.</summary>
public sealed class LifetimeTests
{
    private static readonly string Given = "Pipeline 'Net' was disposed while step 1 was running: the step was given up between two actions.";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Disposing_while_a_step_runs_gives_the_step_up_and_waits_for_it(bool asynchronously)
    {
        using var fixture = new Fixture();
        using var inStage = new ManualResetEventSlim();
        using var disposing = new ManualResetEventSlim();
        var live = LiveTensors.Settled();
        fixture.Model.InStage2 = _ =>
        {
            inStage.Set();
            disposing.Wait();
        };
        Exception? failure = null;
        var stepping = new Thread(() => failure = Record.Exception(() => fixture.Step()));
        stepping.Start();
        inStage.Wait();

        var stepHadEnded = false;
        if (asynchronously)
        {
            // The call returns although the stage still runs.
            var disposed = fixture.Pipeline.DisposeAsync();
            Assert.False(disposed.IsCompleted);
            disposing.Set();
            await disposed;
            stepHadEnded = true;
        }
        else
        {
            var disposer = new Thread(() =>
            {
                fixture.Pipeline.Dispose();
                stepHadEnded = true;
            });
            disposer.Start();
            Assert.False(stepHadEnded);
            disposing.Set();
            disposer.Join();
        }

        stepping.Join();
        Assert.True(stepHadEnded);
        Assert.Contains(Given, Assert.IsType<ObjectDisposedException>(failure).Message, StringComparison.Ordinal);
        Assert.Equal(live, LiveTensors.Settled());
        Assert.Throws<ObjectDisposedException>(() => fixture.Pipeline.Forward(fixture.X));
        fixture.AssertThreadsEnded();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Disposing_within_a_step_ends_the_pipeline_when_the_step_has_ended(bool asynchronously)
    {
        using var fixture = new Fixture();
        fixture.Model.InStage2 = _ =>
        {
            if (asynchronously) fixture.Pipeline.DisposeAsync().AsTask().Wait();
            else fixture.Pipeline.Dispose();
        };
        var failure = Assert.Throws<ObjectDisposedException>(() => fixture.Step());
        Assert.Contains(Given, failure.Message, StringComparison.Ordinal);
        fixture.AssertThreadsEnded();
        fixture.Pipeline.Dispose();
    }

    [Fact]
    public void Many_threads_dispose_and_step_at_once()
    {
        for (var round = 0; round < 10; round++)
        {
            using var fixture = new Fixture();
            var unexpected = new List<Exception>();
            var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
            {
                for (var step = 0; step < 5; step++)
                {
                    if (i % 2 == 0 && step == 2) fixture.Pipeline.Dispose();
                    var failure = Record.Exception(() => fixture.Step());
                    if (failure is null or ObjectDisposedException or InvalidOperationException) continue;
                    lock (unexpected) unexpected.Add(failure);
                }
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            Assert.Empty(unexpected);
            fixture.AssertThreadsEnded();
        }
    }

    [Fact]
    public async Task A_provider_that_is_disposed_asynchronously_ends_the_threads()
    {
        using var model = new HandCutNet();
        IPipeline<HandCutNet> pipeline;
        await using (var provider = new ServiceCollection().AddSingleton(model).AddPipeline<HandCutNet>().BuildServiceProvider())
        {
            pipeline = provider.GetRequiredService<IPipeline<HandCutNet>>();
        }

        using var x = randn(4, 6);
        Assert.Throws<ObjectDisposedException>(() => pipeline.Forward(x));
        await pipeline.DisposeAsync();
        using var output = model.call(x);
        Assert.Equal([4, 3], output.shape);
    }

    private sealed class Fixture : IDisposable
    {
        private readonly List<Thread> threads = [];

        public Fixture()
        {
            Pipeline = PipelineSdk.Pipeline.Create(Model, new PipelineOptions { MicroBatches = 4, Name = "Net" });
            Model.InStage2 = _ =>
            {
                lock (threads) threads.Add(Thread.CurrentThread);
            };
            Step();
            Model.zero_grad();
        }

        public HandCutNet Model { get; } = new();

        public IPipeline<HandCutNet> Pipeline { get; }

        public Tensor X { get; } = randn(8, 6);

        public Tensor Y { get; } = randn(8, 3);

        public StepResult Step() => Pipeline.TrainStep(X, Y, static (output, target) => nn.functional.mse_loss(output, target));

        public void AssertThreadsEnded() => Assert.All(threads, static thread => Assert.False(thread.IsAlive));

        public void Dispose()
        {
            Pipeline.Dispose();
            Model.Dispose();
            X.Dispose();
            Y.Dispose();
        }
    }
}
