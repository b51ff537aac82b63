using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using ResNet.Training;

namespace PipelineSdk.Samples.Tests;

public sealed class BoundTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(3)]
    public void For_equal_stages_it_is_the_closed_form_of_a_flush_schedule_or_the_cores(int microBatches)
    {
        var bound = Bound.Of(PipelineSchedule.OneForwardOneBackward, [Step(2, microBatches, [1, 1]), Step(2, microBatches, [1, 1])], microBatch: 4);

        double closedForm = 2.0 * microBatches / (microBatches + 1);
        Assert.Equal(Math.Min(closedForm, Environment.ProcessorCount), bound.SpeedUp, 9);
        Assert.Equal(1 - (microBatches / (microBatches + 1.0)), bound.FlushBubble, 9);
    }

    [Fact]
    public void Steps_with_fewer_micro_batches_do_not_count()
    {
        var bound = Bound.Of(PipelineSchedule.GPipe, [Step(2, 4, [1, 3]), Step(2, 4, [1, 3]), Step(2, 1, [100, 100])], microBatch: 4);

        Assert.Equal(new[] { 0.003, 0.009 }, bound.StageSeconds.Select(seconds => Math.Round(seconds, 9)));
        Assert.Equal(0.012 / 4, bound.SecondsPerImage, 9);
    }

    // A step in which stage s takes milliseconds[s] for a forward and twice that for a backward; when it runs does not matter here.
    private static StepTimeline Step(int workers, int microBatches, int[] milliseconds)
    {
        var program = PipelineSchedule.GPipe.Build(new ScheduleShape(workers, workers, microBatches));
        var actions = new List<ActionRecord>();
        for (int worker = 0; worker < workers; worker++)
        {
            var time = TimeSpan.Zero;
            for (int slot = 0; slot < program.Workers[worker].Count; slot++)
            {
                var action = program.Workers[worker][slot];
                var end = time + TimeSpan.FromMilliseconds(milliseconds[action.Stage] * (action.Kind == ActionKind.Forward ? 1 : 2));
                actions.Add(new ActionRecord(worker, slot, action, time, time, end, 0));
                time = end;
            }
        }

        return new StepTimeline
        {
            Pipeline = "test",
            Step = 0,
            Schedule = "GPipe",
            Mode = "train",
            Workers = workers,
            MicroBatches = microBatches,
            StageNames = [.. Enumerable.Range(0, workers).Select(stage => $"stage {stage}")],
            StartedAt = DateTimeOffset.UnixEpoch,
            Duration = actions.Max(action => action.End),
            Actions = actions,
        };
    }
}
