using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Gantt;

public sealed class StepsFileTests
{
    [Fact]
    public void Steps_that_fail_while_they_are_written_leave_the_older_trace()
    {
        using var folder = new TemporaryFolder();
        PerfettoTrace.Write(folder["trace.json"], [Timelines.Simulate(PipelineSchedule.GPipe, 2, 2)]);
        var before = File.ReadAllText(folder["trace.json"]);

        Assert.Throws<InvalidOperationException>(() => PerfettoTrace.Write(folder["trace.json"], Failing()));

        Assert.Equal(before, File.ReadAllText(folder["trace.json"]));
        Assert.Equal(["trace.json"], folder.Files);

        static IEnumerable<PipelineSdk.Diagnostics.StepTimeline> Failing()
        {
            yield return Timelines.Simulate(PipelineSchedule.GPipe, 2, 4);
            throw new InvalidOperationException("no more steps");
        }
    }
}
