using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

public sealed class IntraOpThreadsTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 1)]
    public void A_worker_keeps_its_number_whatever_another_thread_sets(int asked, int elsewhere)
    {
        using var scope = NewDisposeScope();
        var model = new HandCutNet();
        _ = get_num_threads(); // so that this thread keeps its own
        for (var i = 0; i < 20; i++)
        {
            using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 1, IntraOpThreads = asked });
            // Whether the workers have set theirs by now, or run anything yet, is up to the scheduler.
            set_num_threads(elsewhere);
            var inStage = 0;
            model.InStage2 = _ => inStage = get_num_threads();

            pipeline.Forward(randn(1, 6));

            Assert.Equal(asked, inStage);
            Assert.Equal(elsewhere, get_num_threads());
        }
    }
}
