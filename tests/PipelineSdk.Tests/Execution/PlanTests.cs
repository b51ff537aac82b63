using Microsoft.Extensions.Options;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>A plan decides what a pipeline runs, and a plan that does not fit is refused with the difference.</summary>
public sealed class PlanTests
{
    [Theory]
    [InlineData("1F1B", 2, 4)]
    [InlineData("1F1B", 3, 3)]
    [InlineData("GPipe", 3, 5)]
    [InlineData("GPipe", 1, 2)]
    [InlineData("Interleaved1F1B", 4, 3, 2)]
    [InlineData("ZB-V", 4, 3, 2)]
    public void A_measured_plan_survives_its_file_and_runs_with_the_loss_and_gradients_of_the_uncut_model(
        string schedule, int stages, int microBatches, int? onWorkers = null)
    {
        set_num_threads(1);
        var workers = onWorkers ?? stages;
        using var scope = NewDisposeScope();
        using var model = Net();
        var (x, y) = (randn(13, 4), randn(13, 2));
        var profile = PipelineProfiler.Measure(
            model, randn(3, 4), randn(3, 2), MSELoss(), new ProfilerOptions { WarmUp = 0, Repetitions = 1, IntraOpThreads = 1 });
        var made = PipelinePlanner.Plan(
            profile, new PlannerOptions(13, workers), ScheduleCatalog.Get(schedule), new ScheduleShape(workers, stages, microBatches));
        var plan = ThroughFile(made);
        var (expectedLoss, expected) = Uncut(model, x, y, microBatches);

        using var pipeline = Pipeline.Create(model, new PipelineOptions { Plan = plan, IntraOpThreads = 1 });
        var step = pipeline.TrainStep(x, y, MSELoss());

        Assert.Equal(
            plan.Stages.Select(stage => string.Join(", ", profile.Segments.Take(stage.End).Skip(stage.Start).Select(segment => segment.Name))),
            pipeline.StageNames);
        Assert.Equal((schedule, workers, microBatches), (step.Timeline.Schedule, step.Timeline.Workers, step.Timeline.MicroBatches));
        Assert.Equal(expectedLoss, step.Loss);
        Gradients.AssertEqual(expected, Gradients.Take(model));
    }

    [Fact]
    public void Every_plan_that_the_runtimes_planner_returns_can_be_run()
    {
        using var scope = NewDisposeScope();
        using var model = Net();
        var (x, y) = (randn(8, 4), randn(8, 2));
        var found = Pipeline.Plan(PipelineProfiler.Estimate(model), new PlannerOptions(8, 3) { MicroBatches = [1, 4] });
        Assert.Contains(found.Candidates, candidate => candidate.Plan.Schedule.Name == "ZB-V");
        Assert.True(found.Candidates.Count >= 12);
        Assert.All(found.Candidates, candidate =>
        {
            using var pipeline = Pipeline.Create(model, new PipelineOptions { Plan = candidate.Plan });
            Assert.True(double.IsFinite(pipeline.TrainStep(x, y, MSELoss()).Loss));
        });
    }

    [Fact]
    public void A_plan_for_other_segments_is_refused_with_the_difference()
    {
        using var model = Net();
        using var shorter = new PiecesNet(Linear(4, 8), Linear(8, 2));
        using var other = new HandCutNet();
        var plan = Estimated(model, 2);
        AssertRefused(shorter, plan, "The model has 2 segments, the plan 6: 'layers.2' is no longer in the model. Make the plan anew");
        AssertRefused(model, Estimated(shorter, 2), "The model has 6 segments, the plan 2: 'layers.2' is not in the plan.");
        AssertRefused(other, plan, "PipelineOptions.Plan does not fit HandCutNet as it is now. The plan is for the model PiecesNet, not for HandCutNet.");
    }

    [Fact]
    public void A_plan_that_parts_what_is_now_pinned_together_is_refused()
    {
        using var open = new PiecesNet(Linear(4, 4), Linear(4, 4));
        using var pinned = new PiecesNet(Linear(4, 4), Linear(4, 4)) { Pins = [0, 0] };
        AssertRefused(pinned, Estimated(open, 2), "puts 'layers.0' and 'layers.1' of PiecesNet into different stages, but both are pinned to stage 0");
    }

    [Fact]
    public void A_plan_without_a_flush_needs_an_optimizer()
    {
        using var model = Net();
        var profile = PipelineProfiler.Estimate(model);
        var asynchronous = PipelinePlanner.Plan(profile, new PlannerOptions(8, 2), PipelineSchedule.PipeDream, new ScheduleShape(2, 2, 4));
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Plan = asynchronous }));
        Assert.Contains("PipeDream has no flush", error.Message, StringComparison.Ordinal);
        Assert.Contains("Set PipelineOptions.Optimizer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_contradict_a_plan_are_named_each()
    {
        using var model = Net();
        var options = new PipelineOptions
        {
            Plan = Estimated(model, 2),
            Schedule = PipelineSchedule.GPipe,
            Stages = 3,
            Workers = 1,
            MicroBatches = 8,
            MicroBatchSize = 2,
        };
        var error = Assert.Throws<OptionsValidationException>(() => Pipeline.Create(model, options));
        Assert.Equal(
            [
                "PipelineOptions.Schedule is GPipe, but PipelineOptions.Plan is for 1F1B: leave one of them unset.",
                "PipelineOptions.Stages is 3, but PipelineOptions.Plan has 2 stage(s): leave one of them unset.",
                "PipelineOptions.Workers is 1, but PipelineOptions.Plan has 2 worker(s): leave one of them unset.",
                "PipelineOptions.MicroBatches is 8, but PipelineOptions.Plan has 4 micro-batch(es): leave one of them unset.",
                "PipelineOptions.MicroBatchSize is 2, but PipelineOptions.Plan has 4 micro-batch(es) of any size: leave one of them unset.",
            ],
            error.Failures);
    }

    [Fact]
    public void Options_that_say_what_the_plan_says_are_no_contradiction()
    {
        using var model = Net();
        var log = new LogLines();
        using var pipeline = Pipeline.Create(
            model,
            new PipelineOptions { Plan = Estimated(model, 2), Schedule = PipelineSchedule.OneForwardOneBackward, Stages = 2, MicroBatches = 4 },
            log);
        Assert.Equal(2, pipeline.StageNames.Count);
        Assert.StartsWith("Pipeline PiecesNet: runs a plan of 2 workers, 2 stages, 4 micro-batches under 1F1B; predicted step ", log.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_runs_the_best_plan_that_the_planner_finds_for_what_is_set_and_says_why()
    {
        set_num_threads(1);
        using var scope = NewDisposeScope();
        using var model = Net();
        var (x, y) = (randn(32, 4), randn(32, 2));
        var log = new LogLines();
        var options = new PipelineOptions { Plan = PipelinePlan.Auto, Stages = 3, IntraOpThreads = 1 };

        using var pipeline = Pipeline.Create(model, options, log);
        var step = pipeline.TrainStep(x, y, MSELoss());

        Assert.Equal(["layers.0, layers.1", "layers.2, layers.3", "layers.4, layers.5"], pipeline.StageNames);
        Assert.Equal(3, step.Timeline.Workers);
        Assert.InRange(step.Timeline.MicroBatches, 8, 16);
        var actual = Gradients.Take(model);
        var (loss, expected) = Uncut(model, x, y, step.Timeline.MicroBatches);
        Assert.Equal(loss, step.Loss);
        Gradients.AssertEqual(expected, actual);
        Assert.StartsWith(
            $"Pipeline PiecesNet: planned 3 workers, 3 stages, {step.Timeline.MicroBatches} micro-batches under {step.Timeline.Schedule}, from an "
            + "estimate of 6 segment(s); expected to be ",
            log.Lines[0], StringComparison.Ordinal);
        Assert.Contains("What keeps it from being faster: fill and drain", log.Lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Auto_keeps_what_is_set_besides()
    {
        using var scope = NewDisposeScope();
        using var model = Net();
        var options = new PipelineOptions { Plan = PipelinePlan.Auto, Schedule = PipelineSchedule.GPipe, Stages = 2, MicroBatches = 5 };
        using var pipeline = Pipeline.Create(model, options);
        var timeline = pipeline.TrainStep(randn(11, 4), randn(11, 2), MSELoss()).Timeline;
        Assert.Equal(("GPipe", 2, 5), (timeline.Schedule, timeline.Workers, timeline.MicroBatches));

        using var shared = Pipeline.Create(
            model,
            new PipelineOptions { Plan = PipelinePlan.Auto, Schedule = PipelineSchedule.InterleavedOneForwardOneBackward, Stages = 4, Workers = 2, MicroBatches = 5 });
        Assert.Equal((4, 2), (shared.StageNames.Count, shared.TrainStep(randn(11, 4), randn(11, 2), MSELoss()).Timeline.Workers));

        using var sized = Pipeline.Create(model, new PipelineOptions { Plan = PipelinePlan.Auto, MicroBatchSize = 3 });
        Assert.Equal(4, sized.TrainStep(randn(11, 4), randn(11, 2), MSELoss()).Timeline.MicroBatches);
    }

    [Fact]
    public void Auto_uses_no_more_workers_than_there_are_cores_and_joins_pinned_stages()
    {
        using var model = new PiecesNet([.. Enumerable.Range(0, 40).Select(_ => Linear(2, 2))]) { Pins = [.. Enumerable.Range(0, 40).Select(i => (int?)i)] };
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Plan = PipelinePlan.Auto });
        Assert.InRange(pipeline.StageNames.Count, 1, Math.Min(16, Environment.ProcessorCount));
    }

    [Fact]
    public void Auto_says_why_there_is_no_plan()
    {
        using var model = new PiecesNet(Linear(2, 2), Linear(2, 2));
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Plan = PipelinePlan.Auto, Stages = 3 }));
        Assert.Contains("The model has 2 segments, too few for 3 stages.", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentException>(
            () => Pipeline.Create(model, new PipelineOptions { Plan = PipelinePlan.Auto, Schedule = PipelineSchedule.PipeDream }));
        Assert.Contains("PipeDream has no flush: every stage changes its weights within a run. Set PipelineOptions.Optimizer", error.Message, StringComparison.Ordinal);
    }

    private static PiecesNet Net() => new(Linear(4, 16), Tanh(), Linear(16, 6), Tanh(), Linear(6, 8), Linear(8, 2));

    private static PipelinePlan Estimated(PiecesNet model, int stages) => PipelinePlanner.Plan(
        PipelineProfiler.Estimate(model), new PlannerOptions(8, stages), PipelineSchedule.OneForwardOneBackward, new ScheduleShape(stages, stages, 4));

    private static PipelinePlan ThroughFile(PipelinePlan plan)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + PipelinePlan.FileExtension);
        try
        {
            plan.Save(path);
            return PipelinePlan.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Loss and gradients of the model run on the same micro-batches one after another.</summary>
    private static (double Loss, Dictionary<string, Tensor> Gradients) Uncut(
        PiecesNet model, Tensor x, Tensor y, int microBatches)
    {
        var samples = x.shape[0];
        var sizes = Enumerable.Range(0, microBatches).Select(i => (samples / microBatches) + (i < samples % microBatches ? 1 : 0)).ToArray();
        var total = 0.0;
        foreach (var (xs, ys) in x.split(sizes).Zip(y.split(sizes)))
        {
            var weight = (double)xs.shape[0] / samples;
            var loss = functional.mse_loss(model.call(xs), ys);
            autograd.backward(loss, full_like(loss, weight));
            total += weight * loss.item<float>();
        }

        return (total, Gradients.Take(model));
    }

    private static void AssertRefused<TModel>(TModel model, PipelinePlan plan, string reason)
        where TModel : Module, Model.IPipelineModel<TModel>
    {
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Plan = plan }));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
