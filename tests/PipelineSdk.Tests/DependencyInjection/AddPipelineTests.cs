using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PipelineSdk.Partitioning;
using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.DependencyInjection;

public sealed class AddPipelineTests
{
    [Fact]
    public void A_registered_pipeline_trains_the_registered_model()
    {
        using var model = new HandCutNet();
        using var provider = new ServiceCollection()
            .AddSingleton(model)
            .AddPipeline<HandCutNet>(options =>
            {
                options.Schedule = PipelineSchedule.GPipe;
                options.MicroBatches = 2;
            })
            .BuildServiceProvider();
        var pipeline = provider.GetRequiredService<IPipeline<HandCutNet>>();

        using var x = randn(4, 6);
        using var y = randn(4, 3);
        var step = pipeline.TrainStep(x, y, nn.MSELoss());

        Assert.Same(model, pipeline.Model);
        Assert.Same(pipeline, provider.GetRequiredService<IPipeline<HandCutNet>>());
        Assert.Equal(("GPipe", 2), (step.Timeline.Schedule, step.Timeline.MicroBatches));
    }

    [Fact]
    public void A_model_nobody_registered_is_made_by_its_constructor()
    {
        using var provider = new ServiceCollection().AddPipeline<HandCutNet>().BuildServiceProvider();
        Assert.Same(provider.GetRequiredService<HandCutNet>(), provider.GetRequiredService<IPipeline<HandCutNet>>().Model);
    }

    [Fact]
    public void Registering_twice_adds_to_the_options_and_each_model_has_its_own()
    {
        var services = new ServiceCollection();
        services.AddPipeline<HandCutNet>(options => options.MicroBatches = 2);
        services.AddPipeline<HandCutNet>(options => options.Stages = 3);
        services.AddPipeline<SequentialNet>(options => options.MicroBatches = 0);
        using var provider = services.BuildServiceProvider();

        Assert.Equal(3, provider.GetRequiredService<IPipeline<HandCutNet>>().StageNames.Count);
        Assert.Single(provider.GetServices<IPipeline<HandCutNet>>());
        Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IPipeline<SequentialNet>>);
    }

    [Fact]
    public void A_plan_in_the_options_decides_stages_schedule_and_micro_batches()
    {
        using var model = new HandCutNet();
        var plan = Pipeline.Plan(
            PipelineProfiler.Estimate(model), new PlannerOptions(6, 2) { MicroBatches = [3], Schedules = [PipelineSchedule.GPipe] })
            .Candidates.First(candidate => candidate.Plan.Shape.Stages == 2).Plan;
        using var provider = new ServiceCollection()
            .AddSingleton(model).AddPipeline<HandCutNet>(options => options.Plan = plan).BuildServiceProvider();
        using var x = randn(6, 6);
        using var y = randn(6, 3);

        var timeline = provider.GetRequiredService<IPipeline<HandCutNet>>().TrainStep(x, y, nn.MSELoss()).Timeline;

        Assert.Equal(("GPipe", 2, 3), (timeline.Schedule, timeline.Workers, timeline.MicroBatches));
    }

    [Fact]
    public void A_plan_that_contradicts_other_options_is_found_at_start()
    {
        using var model = new HandCutNet();
        var plan = Pipeline.Plan(PipelineProfiler.Estimate(model), new PlannerOptions(8, 2) { MicroBatches = [4] }).Best;
        using var provider = new ServiceCollection()
            .AddPipeline<HandCutNet>(options =>
            {
                options.Plan = plan;
                options.MicroBatches = 8;
            }).BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);
        Assert.Contains("PipelineOptions.MicroBatches is 8, but PipelineOptions.Plan has 4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_checked_at_start_where_a_host_asks_for_it()
    {
        using var provider = new ServiceCollection()
            .AddPipeline<HandCutNet>(options => options.MicroBatches = -1).BuildServiceProvider();
        var error = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);
        Assert.Contains("PipelineOptions.MicroBatches is -1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Disposing_the_provider_ends_the_worker_threads()
    {
        IPipeline<HandCutNet> pipeline;
        using var model = new HandCutNet();
        using (var provider = new ServiceCollection().AddSingleton(model).AddPipeline<HandCutNet>().BuildServiceProvider())
        {
            pipeline = provider.GetRequiredService<IPipeline<HandCutNet>>();
        }

        using var x = randn(4, 6);
        Assert.Throws<ObjectDisposedException>(() => pipeline.Forward(x));
        using var output = model.call(x);
        Assert.Equal([4, 3], output.shape);
    }
}
