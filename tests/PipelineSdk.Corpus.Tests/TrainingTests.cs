using PipelineSdk.Corpus.Tests.Models;
using PipelineSdk.Schedules;

namespace PipelineSdk.Corpus.Tests;

/// <summary>Models as people write them train in stages exactly as they do uncut.</summary>
public sealed class TrainingTests
{
    public static TheoryData<string, int, string> Rows()
    {
        var rows = new TheoryData<string, int, string>();
        foreach (var (name, item) in Samples.All)
        {
            for (var stages = 1; stages <= item.MaximumStages; stages++)
            {
                rows.Add(name, stages, "1F1B");
                rows.Add(name, stages, "GPipe");
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Loss_gradients_buffers_and_results_equal_the_uncut_model_bit_for_bit(string model, int stages, string schedule)
        => Samples.All[model].AssertEqualsUncut(
            schedule == "GPipe" ? PipelineSchedule.GPipe : PipelineSchedule.OneForwardOneBackward, stages);

    [Fact]
    public void Every_model_is_cut_somewhere()
        => Assert.All(Samples.All, item => Assert.True(item.Value.MaximumStages > 1, $"{item.Key} stays whole."));
}
