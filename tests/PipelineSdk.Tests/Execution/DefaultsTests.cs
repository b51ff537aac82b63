using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>What <c>[Pipeline(...)]</c> says applies where the options say nothing.</summary>
public sealed class DefaultsTests
{
    [Fact]
    public void What_the_class_says_runs_where_the_options_say_nothing()
        => Assert.Equal(("GPipe", 3, 6), Step(new UsualNet(), new PipelineOptions()));

    [Fact]
    public void What_the_options_set_wins_even_where_it_is_their_default()
    {
        var options = new PipelineOptions { Schedule = PipelineSchedule.OneForwardOneBackward, Stages = 2, MicroBatches = 4 };
        Assert.Equal(("1F1B", 2, 4), Step(new UsualNet(), options));
        Assert.Equal(("GPipe", 3, 4), Step(new UsualNet(), new PipelineOptions { MicroBatchSize = 3 }));
    }

    [Fact]
    public void A_plan_wins()
    {
        using var model = new UsualNet();
        var plan = PipelinePlanner.Plan(
            PipelineProfiler.Estimate(model), new PlannerOptions(12, 3), PipelineSchedule.OneForwardOneBackward, new ScheduleShape(3, 3, 2));
        Assert.Equal(("1F1B", 3, 2), Step(model, new PipelineOptions { Plan = plan }));
    }

    [Fact]
    public void A_model_that_names_no_stages_gets_one_for_each_worker()
        => Assert.Equal(("1F1B", 2, 4), Step(new UsualOpenNet(), new PipelineOptions()));

    [Fact]
    public void A_class_that_says_nothing_has_no_defaults()
        => Assert.Equal(PipelineDefaults.None, Blueprint<SequentialNet>().Defaults);

    private static (string Schedule, int Workers, int MicroBatches) Step<TModel>(TModel model, PipelineOptions options)
        where TModel : Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        using var scope = NewDisposeScope();
        using var pipeline = Pipeline.Create(model, options);
        var timeline = pipeline.TrainStep(randn(12, 4), randn(12, 2), MSELoss()).Timeline;
        return (timeline.Schedule, timeline.Workers, timeline.MicroBatches);
    }

    private static PipelineBlueprint<TModel> Blueprint<TModel>()
        where TModel : Module, IPipelineModel<TModel> => TModel.Blueprint;
}
