using PipelineSdk.Corpus.Tests.Models;
using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using static TorchSharp.torch;

namespace PipelineSdk.Corpus.Tests;

/// <summary>What a container that is divided by its elements comes to at run time.</summary>
public sealed class ContainerTests
{
    [Fact]
    public void Ranges_are_named_by_their_elements()
        => Assert.Equal(["wte, wpe, h[0..2]", "h[2]", "h[3], ln_f, lm_head"], StagesOf(new NanoGpt(), null));

    [Fact]
    public void Without_counts_every_element_is_a_piece()
        => Assert.Equal(["layers[0]", "layers[1]", "layers[2]", "layers[3]", "layers[4]"], StagesOf(new OpenSequential(), 5));

    [Fact]
    public void Lists_of_one_loop_are_divided_together()
        => Assert.Equal(
            ["embed", "blocks[0], zipped[0]", "blocks[1], zipped[1]", "blocks[2], zipped[2]", "head"], StagesOf(new LoopFormsOpen(), 5));

    [Fact]
    public void A_plan_names_the_elements_and_survives_its_file()
    {
        using var model = new LoopFormsOpen();
        var found = Pipeline.Plan(PipelineProfiler.Estimate(model), new PlannerOptions(samples: 16, workers: 3) { MicroBatches = [4] });
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + PipelinePlan.FileExtension);
        try
        {
            found.Best.Save(path);
            using var pipeline = Pipeline.Create(model, new PipelineOptions { Plan = PipelinePlan.Load(path) });
            Assert.Equal(found.Best.Stages.Count, pipeline.StageNames.Count);
            Assert.Contains("blocks[1], zipped[1]", string.Join(" | ", pipeline.StageNames), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(5, "The stages of 'h' end after element 3, but it has 5 element(s). Make the counts of [PipelineStages] add up to 5, or make the plan in the build anew.")]
    [InlineData(3, "The stages of 'h' end after element 3, but it has 3 element(s). Make the counts of [PipelineStages] add up to 3, or make the plan in the build anew.")]
    [InlineData(1, "The stages of 'h' end after element 1, but it has 1 element(s). Make the counts of [PipelineStages] add up to 1, or make the plan in the build anew.")]
    public void Counts_that_do_not_add_up_are_refused_when_a_pipeline_is_built(int layers, string message)
    {
        using var model = new NanoGpt(layers: layers);
        var live = Tensor.TotalCount;
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => Pipeline.Create(model)).Message);
        Assert.Equal(live, Tensor.TotalCount);
    }

    [Fact]
    public void An_array_is_listed_under_the_names_its_elements_are_registered_by()
    {
        using var model = new LoopFormsOpen();
        var listed = Members(model).SelectMany(members => members.Modules).Where(entry => entry.Name.StartsWith("zipped", StringComparison.Ordinal));
        Assert.Equal(["zipped_0", "zipped_1", "zipped_2"], listed.Select(entry => entry.Name));
    }

    [Fact]
    public void All_parameters_of_divided_models_are_listed_once_under_their_names()
    {
        AssertAllListed(new NanoGpt());
        AssertAllListed(new LoopForms());
        AssertAllListed(new LoopFormsByIndex());
        AssertAllListed(new LoopFormsOpen());
        AssertAllListed(new NestedForms());
        AssertAllListed(new UNetLoops());
    }

    private static void AssertAllListed<TModel>(TModel model)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        using (model)
        {
            var listed = Members(model).SelectMany(members => members.Modules)
                .SelectMany(entry => entry.Module.named_parameters().Select(parameter => $"{entry.Name}.{parameter.name}"));
            Assert.Equal(model.named_parameters().Select(entry => entry.name).Order(), listed.Order());
        }
    }

    private static IEnumerable<SegmentMembers> Members<TModel>(TModel model)
        where TModel : nn.Module, IPipelineModel<TModel> => TModel.Blueprint.SegmentsOf(model).Select(segment =>
        {
            var members = new SegmentMembers();
            segment.CollectMembers(model, members);
            return members;
        });

    private static IReadOnlyList<string> StagesOf<TModel>(TModel model, int? stages)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        using (model)
        {
            using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = stages });
            return pipeline.StageNames;
        }
    }
}
