using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PipelineSdk.Diagnostics;
using PipelineSdk.Execution;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using PipelineSdk.Training;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>A step that does not go on is explained, and given up where it never can. Nothing here depends on how long anything takes.</summary>
public sealed class WatchdogTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void A_stall_is_reported_with_what_everybody_does_and_waits_for_and_the_step_goes_on()
    {
        using var scope = NewDisposeScope();
        var log = new LogLines();
        using var model = new HandCutNet();
        using var released = new ManualResetEventSlim();
        var reports = new List<string>();
        log.Logged = (level, line) =>
        {
            // All but stage 2 have come to rest; and reported again after a further time.
            if (level != LogLevel.Error || !line.Contains("worker  3 | 3F0", StringComparison.Ordinal) || !line.Contains("0B0", StringComparison.Ordinal)) return;
            if (!line.Contains("room", StringComparison.Ordinal)) return;
            reports.Add(line);
            if (reports.Count == 2) released.Set();
        };
        using var pipeline = Pipeline.Create(
            model, new PipelineOptions { Schedule = PipelineSchedule.GPipe, MicroBatches = 4, LinkCapacity = 1, StallTimeout = Short, Name = "Net" }, log);
        var calls = 0;
        model.InStage2 = _ =>
        {
            if (calls++ == 0) released.Wait();
        };

        var step = pipeline.TrainStep(randn(8, 6), randn(8, 3), MSELoss());

        Assert.True(double.IsFinite(step.Loss));
        var report = reports[0];
        Assert.StartsWith("Pipeline 'Net', step 0 (train, GPipe, 4 workers, 4 stages, 4 micro-batches): nothing has moved for ", report, StringComparison.Ordinal);
        Assert.Contains("Worker 2 still runs 2F0 (forward of stage 2 (c) on micro-batch 0)", report, StringComparison.Ordinal);
        Assert.Contains("thread 'Net worker 2'", report, StringComparison.Ordinal);
        Assert.Matches("worker  1 \\| 1F2    \\| action   3 of 8 \\| waits for room on the link to stage 2, worker 2 \\(runs 2F0\\), for ", report);
        Assert.Matches("worker  2 \\| 2F0    \\| action   1 of 8 \\| runs, for ", report);
        Assert.Matches("worker  3 \\| 3F0    \\| action   1 of 8 \\| waits for the output of stage 2, micro-batch 0, from worker 2 \\(runs 2F0\\), for ", report);
        Assert.Contains(log.Lines, line => line == "Pipeline 'Net', step 0: goes on after a stall.");
    }

    [Fact]
    public void A_step_in_which_every_worker_waits_for_another_is_given_up_and_the_next_runs()
    {
        using var scope = NewDisposeScope();
        var log = new LogLines();
        using var harness = new Harness(log);
        var live = LiveTensors.Settled();

        // No proof lets this through: worker 0 wants the gradient of micro-batch 0 first, worker 1 the output for micro-batch 1.
        var stall = Assert.Throws<PipelineStallException>(() => harness.Run("0F0 0B0 0F1 0B1\n1F0 1F1 1B0 1B1"));

        Assert.True(stall.IsPipelineUsable);
        Assert.Matches("worker  0 \\| 0B0    \\| action   2 of 4 \\| waits for the gradient of stage 1, micro-batch 0, from worker 1 \\(waits at 1F1\\)", stall.Report);
        Assert.Matches("worker  1 \\| 1F1    \\| action   2 of 4 \\| waits for the output of stage 0, micro-batch 1, from worker 0 \\(waits at 0B0\\)", stall.Report);
        Assert.Contains("every worker that had not ended waited for another", stall.Message, StringComparison.Ordinal);
        Assert.Contains(stall.Message, log.Lines);
        Assert.Equal(live, Tensor.TotalCount);

        Assert.Equal(8, harness.Run("0F0 0F1 0B0 0B1\n1F0 1F1 1B0 1B1").Actions.Count);
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void A_worker_whose_thread_is_gone_is_not_waited_for()
    {
        if (!OperatingSystem.IsLinux()) return;
        using var scope = NewDisposeScope();
        var log = new LogLines();
        using var model = new HandCutNet();
        var (x, y) = (randn(8, 6), randn(8, 3));
        var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 4, StallTimeout = null, Name = "Net" }, log);
        pipeline.TrainStep(x, y, MSELoss());
        var calls = 0;
        model.InStage2 = _ =>
        {
            if (calls++ == 1) NativeThread.Exit();
        };

        var stall = Assert.Throws<PipelineStallException>(() => pipeline.TrainStep(x, y, MSELoss()));

        Assert.False(stall.IsPipelineUsable);
        Assert.Equal(1, stall.Step);
        Assert.Contains("the thread of worker 2 is gone at 2F1 (forward of stage 2 (c) on micro-batch 1)", stall.Message, StringComparison.Ordinal);
        Assert.Contains("worker  2 | 2F1    | action   2 of 8 | its thread is gone", stall.Report, StringComparison.Ordinal);
        Assert.Contains(stall.Message, log.Lines);

        model.InStage2 = null;
        var refused = Assert.Throws<InvalidOperationException>(() => pipeline.Forward(x));
        Assert.Contains("Pipeline 'Net' can't be used any more: a worker's thread was gone in step 1", refused.Message, StringComparison.Ordinal);
        Assert.Same(stall, refused.InnerException);
        pipeline.Dispose();
        using var next = Pipeline.Create(model, new PipelineOptions { MicroBatches = 4 });
        Assert.True(double.IsFinite(next.TrainStep(x, y, MSELoss()).Loss));
    }

    [Fact]
    public void A_logger_that_throws_fails_the_step_after_every_worker_has_stopped()
    {
        using var scope = NewDisposeScope();
        var log = new LogLines();
        using var model = new HandCutNet();
        using var released = new ManualResetEventSlim();
        log.Logged = (level, _) =>
        {
            if (level != LogLevel.Error) return;
            released.Set();
            throw new FormatException("disk full");
        };
        using var pipeline = Pipeline.Create(model, new PipelineOptions { MicroBatches = 4, StallTimeout = Short }, log);
        model.InStage2 = _ => released.Wait();
        var (x, y) = (randn(8, 6), randn(8, 3));
        var live = LiveTensors.Settled();

        Assert.Throws<FormatException>(() => pipeline.TrainStep(x, y, MSELoss()));

        Assert.Equal(live, Tensor.TotalCount);
        log.Logged = null;
        model.InStage2 = null;
        Assert.True(double.IsFinite(pipeline.TrainStep(x, y, MSELoss()).Loss));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_timeout_must_be_longer_than_no_time(int seconds)
    {
        using var model = new HandCutNet();
        var options = new PipelineOptions { StallTimeout = TimeSpan.FromSeconds(seconds) };
        var error = Assert.Throws<OptionsValidationException>(() => Pipeline.Create(model, options));
        Assert.Contains("PipelineOptions.StallTimeout", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Two workers that run any program, proven or not.</summary>
    private sealed class Harness : IDisposable
    {
        private readonly PiecesNet model = new(Linear(4, 4), Linear(4, 4));
        private readonly StageLinks links = new([0, 1], 2, 2, spin: false);
        private readonly WorkerGroup<PiecesNet> workers;
        private readonly Tensor x = randn(2, 4);

        public Harness(ILogger log)
        {
            var programs = new StepPrograms(new PipelineOptions { MicroBatches = 2 }, "Net", 2);
            var segments = PiecesNet.Blueprint.SegmentsOf(model);
            StageRunner<PiecesNet>[] runners =
                [.. segments.Select((segment, index) => new StageRunner<PiecesNet>(new Stage<PiecesNet>(index, model, [segment])))];
            workers = new WorkerGroup<PiecesNet>("Net", new WorkerThreadSettings(null, 1), runners, programs, Short, log);
        }

        public StepTimeline Run(string program)
        {
            var splitter = new BatchSplitter("Net", PiecesNet.Blueprint.Inputs, new PipelineOptions { MicroBatches = 2 });
            using var batch = splitter.Split(PiecesNet.Blueprint.BindInputs(x), [], train: true, null);
            batch.Weights = LossWeights.Of(batch.Counts, LossReduction.Sum, null, 1);
            var parsed = ScheduleText.Parse(program, name: "Own");
            var run = new StepRun
            {
                Links = links,
                Step = 0,
                Mode = "train",
                Program = parsed,
                Rule = PipelineSchedule.GPipe,
                Split = new SplitBackwards(parsed),
                VersionsRead = null,
                Update = null,
                Train = true,
                Batch = batch,
                Loss = static (output, _) => ((Tensor)PiecesNet.Blueprint.GetResult(output)!).sum(),
                StopOnNonFiniteLoss = false,
                Span = null,
            };
            try
            {
                return workers.Run(run, StepClock.Start(), default);
            }
            finally
            {
                model.zero_grad();
            }
        }

        public void Dispose()
        {
            workers.Dispose();
            x.Dispose();
            model.Dispose();
        }
    }
}
