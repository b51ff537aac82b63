using System.Text;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Report;

public sealed class PipelineReportTests
{
    private static readonly StepTimeline Step = Timelines.Simulate(PipelineSchedule.GPipe, 3, 4);

    [Fact]
    public void The_log_keeps_the_first_and_the_latest_timelines_and_a_note_of_every_step()
    {
        var log = new TrainingLog(mostTimelines: 3);
        for (var step = 0; step < 8; step++) log.Add(Timelines.Simulate(PipelineSchedule.GPipe, 3, 4, step: step), loss: step, samples: 4, memoryBytes: 1);

        Assert.Equal([0, 6, 7], log.Timelines.Select(step => step.Step));
        Assert.Equal(5, log.DroppedTimelines);
        Assert.Equal(Enumerable.Range(0, 8).Select(step => (double)step), log.Steps.Select(step => step.Loss));
        Assert.All(log.Steps, step => Assert.Equal(step.Duration, step.Ideal + step.Lost.Total));
        // 4 x 3 of 18 ms.
        Assert.All(log.Steps[0].Utilization, share => Assert.Equal(12.0 / 18, share, 9));
    }

    [Fact]
    public void The_page_asks_no_network_and_carries_the_licence_of_what_it_is_drawn_with()
    {
        var page = Page(new TrainingLog(), Step);

        Assert.StartsWith("<!doctype html>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\nimport ", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\nexport ", page, StringComparison.Ordinal);
        Assert.Contains("The MIT License (MIT)", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_could_end_a_script_or_open_a_tag_is_escaped()
    {
        const string evil = "</script><script>alert(1)</script>";
        var step = Timelines.Timeline(Step.Actions, 3, 4, schedule: evil, pipeline: evil, stageNames: [evil, evil, evil]);

        Assert.DoesNotContain("alert(1)</script>", Page(new TrainingLog(), step, new ReportOptions { Note = evil }), StringComparison.Ordinal);
        Assert.DoesNotContain("<title><", Page(new TrainingLog(), step, new ReportOptions { Title = evil }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_nothing_is_refused_and_an_older_file_stays()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["report.html"], "old");

        Assert.Throws<ArgumentException>(() => PipelineReport.Write(folder["report.html"], new TrainingLog()));
        Assert.Throws<ArgumentException>(() => PipelineReport.Write(folder["report.html"], Array.Empty<StepTimeline>()));

        Assert.Equal("old", File.ReadAllText(folder["report.html"]));
        Assert.Equal(["report.html"], folder.Files);
    }

    [Fact]
    public void Losses_that_left_the_numbers_are_gaps()
    {
        var log = new TrainingLog();
        log.Add(Step, loss: double.NaN);
        log.Add(Step, loss: double.PositiveInfinity);

        Assert.Contains("\"loss\":[null,null]", Page(log), StringComparison.Ordinal);
    }

    [Fact]
    public void An_action_takes_few_bytes()
    {
        var step = Timelines.Simulate(PipelineSchedule.OneForwardOneBackward, 4, 2500);
        Assert.InRange(PackedTimeline.Base64(step.Explain()).Length, 1, 20_000 * 4);
    }

    [Fact]
    public void A_step_without_actions_has_a_page_too() =>
        Assert.Contains("\"timelines\":[{", Page(new TrainingLog(), Timelines.Timeline([], workers: 2, microBatches: 1)), StringComparison.Ordinal);

    private static string Page(TrainingLog log, StepTimeline? step = null, ReportOptions? options = null)
    {
        if (step is not null) log.Add(step);
        using var stream = new MemoryStream();
        PipelineReport.Write(stream, log, options);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
