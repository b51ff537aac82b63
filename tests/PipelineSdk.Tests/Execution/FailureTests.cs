using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Execution;

/// <summary>When something goes wrong the caller learns what and where, nothing is leaked, and the pipeline goes on.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData("GPipe")]
    [InlineData("1F1B")]
    public void A_failing_stage_surfaces_as_one_exception_naming_stage_and_micro_batch(string schedule)
    {
        using var fixture = new Fixture(schedule);
        var calls = 0;
        fixture.Model.InStage2 = _ =>
        {
            if (calls++ == 2) throw new FormatException("bad pixel\nsecond line");
        };
        var live = LiveTensors.Settled();

        var failure = Assert.Throws<PipelineException>(fixture.Step);

        Assert.Equal((2, 2, ActionKind.Forward, 2, "c"), (failure.Stage, failure.MicroBatch, failure.Action.Kind, failure.Worker, failure.StageName));
        Assert.IsType<FormatException>(failure.InnerException);
        Assert.Contains("bad pixel", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("second line", failure.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(HandCutNet), failure.InnerException.StackTrace, StringComparison.Ordinal);
        Assert.Equal(live, Tensor.TotalCount);

        fixture.Model.InStage2 = null;
        fixture.AssertWorks();
    }

    [Fact]
    public void A_native_error_surfaces_with_its_first_line()
    {
        using var fixture = new Fixture("1F1B");
        fixture.Model.InStage2 = h => h.matmul(zeros(3, 3));
        var failure = Assert.Throws<PipelineException>(fixture.Step);
        Assert.Equal(2, failure.Stage);
        Assert.DoesNotContain('\n', failure.Message);
        fixture.Model.InStage2 = null;
        fixture.AssertWorks();
    }

    [Fact]
    public void A_failing_backward_surfaces_with_its_action()
    {
        using var fixture = new Fixture("1F1B");
        // In place on what tanh saved: libtorch notices in the backward of that stage.
        fixture.Model.InStage2 = h => h.add_(1);
        var live = LiveTensors.Settled();
        fixture.Loss = static (output, target) =>
        {
            var saved = output.exp();
            var loss = (saved - target).sum();
            saved.zero_();
            return loss;
        };
        var failure = Assert.Throws<PipelineException>(fixture.Step);
        Assert.Equal((3, ActionKind.Backward), (failure.Stage, failure.Action.Kind));
        Assert.Equal(live, Tensor.TotalCount);
        fixture.AssertWorks();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_failing_loss_names_the_last_stage(int microBatch)
    {
        using var fixture = new Fixture("GPipe");
        var calls = 0;
        fixture.Loss = (output, target) => calls++ == microBatch
            ? throw new ArgumentException("labels out of range")
            : nn.functional.mse_loss(output, target);
        var live = LiveTensors.Settled();
        var failure = Assert.Throws<PipelineException>(fixture.Step);
        Assert.Equal((3, microBatch), (failure.Stage, failure.MicroBatch));
        Assert.Equal(live, Tensor.TotalCount);
        fixture.AssertWorks();
    }

    [Fact]
    public void A_loss_per_sample_is_refused_with_the_shape_it_has()
    {
        using var fixture = new Fixture("GPipe");
        fixture.Loss = static (output, target) => output - target;
        var failure = Assert.Throws<PipelineException>(fixture.Step);
        Assert.Contains("shape [2, 3]", failure.Message, StringComparison.Ordinal);
        fixture.AssertWorks();
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_step_where_asked_to()
    {
        using var fixture = new Fixture("1F1B", options => options.StopOnNonFiniteLoss = true);
        fixture.AssertWorks();
        fixture.Loss = static (output, target) => nn.functional.mse_loss(output, target) * double.NaN;
        var live = LiveTensors.Settled();
        var failure = Assert.Throws<PipelineException>(fixture.Step);
        Assert.IsType<NonFiniteLossException>(failure.InnerException);
        Assert.Contains("NaN in step 1, micro-batch 0", failure.Message, StringComparison.Ordinal);
        Assert.Equal(live, Tensor.TotalCount);
        fixture.AssertWorks();
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_reported_as_it_is_by_default()
    {
        using var fixture = new Fixture("1F1B");
        fixture.Loss = static (output, target) => nn.functional.mse_loss(output, target) * double.NaN;
        Assert.True(double.IsNaN(fixture.Step().Loss));
    }

    [Fact]
    public void Cancelling_gives_the_step_up_and_leaves_nothing_behind()
    {
        using var fixture = new Fixture("1F1B");
        using var cancellation = new CancellationTokenSource();
        fixture.Model.InStage2 = _ => cancellation.Cancel();
        var live = LiveTensors.Settled();
        Assert.Throws<OperationCanceledException>(() => fixture.Step(cancellation.Token));
        Assert.Equal(live, Tensor.TotalCount);
        fixture.Model.InStage2 = null;
        fixture.AssertWorks();
    }

    [Fact]
    public void A_second_step_while_one_runs_is_refused()
    {
        using var fixture = new Fixture("1F1B");
        Exception? refused = null;
        fixture.Model.InStage2 = _ => refused ??= Record.Exception(() => fixture.Pipeline.Forward(fixture.X));
        fixture.Step();
        Assert.Contains("running a step already", Assert.IsType<InvalidOperationException>(refused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_pipeline_says_so_and_leaves_the_model_alive()
    {
        using var fixture = new Fixture("1F1B");
        fixture.Pipeline.Dispose();
        fixture.Pipeline.Dispose();
        Assert.Throws<ObjectDisposedException>(() => fixture.Step());
        using var output = fixture.Model.call(fixture.X);
        Assert.Equal([8, 3], output.shape);
    }

    [Fact]
    public void A_disposed_model_is_found_out_before_the_step()
    {
        using var fixture = new Fixture("1F1B");
        fixture.Model.Dispose();
        var error = Assert.Throws<ObjectDisposedException>(() => fixture.Step());
        Assert.Contains("'a.weight'", error.Message, StringComparison.Ordinal);
    }

    private sealed class Fixture : IDisposable
    {
        public Fixture(string schedule, Action<PipelineOptions>? configure = null)
        {
            var options = new PipelineOptions
            {
                Schedule = schedule == "GPipe" ? PipelineSchedule.GPipe : PipelineSchedule.OneForwardOneBackward,
                MicroBatches = 4,
            };
            configure?.Invoke(options);
            Pipeline = PipelineSdk.Pipeline.Create(Model, options);
        }

        public HandCutNet Model { get; } = new();

        public IPipeline<HandCutNet> Pipeline { get; }

        public Tensor X { get; } = randn(8, 6);

        public Tensor Y { get; } = randn(8, 3);

        public Func<Tensor, Tensor, Tensor> Loss { get; set; } = Mean;

        public StepResult Step() => Step(default);

        public StepResult Step(CancellationToken cancellation) => Pipeline.TrainStep(X, Y, Loss, cancellation);

        public void AssertWorks()
        {
            Loss = Mean;
            Model.InStage2 = null;
            Model.zero_grad();
            Assert.True(double.IsFinite(Step().Loss));
        }

        public void Dispose()
        {
            Pipeline.Dispose();
            Model.Dispose();
            X.Dispose();
            Y.Dispose();
        }

        private static Tensor Mean(Tensor output, Tensor target) => nn.functional.mse_loss(output, target);
    }
}
