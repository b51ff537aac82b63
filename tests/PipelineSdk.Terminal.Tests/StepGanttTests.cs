using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;
using Spectre.Console;

namespace PipelineSdk.Terminal.Tests;

public sealed class StepGanttTests
{
    private static readonly StepTimeline Step = Timelines.Simulate(PipelineSchedule.OneForwardOneBackward, 2, 2);

    [Fact]
    public void Without_colours_bars_are_letters_and_idle_time_is_dots() => Assert.Equal(
        [
            "w0 F0--F1--........B0======....B1======   67 %",
            "w1 ....F0--B0======F1--B1======........   67 %",
        ],
        Lines(Step, 46)[..2]);

    [Theory]
    [InlineData(20)]
    [InlineData(40)]
    [InlineData(119)]
    public void It_is_as_wide_as_there_is_room(int width) =>
        Assert.All(Lines(Timelines.Simulate(PipelineSchedule.GPipe, 12, 30), width)[..12], line => Assert.Equal(width, line.Length));

    [Fact]
    public void Every_column_shows_what_took_most_of_it()
    {
        // Ten columns of 1 ms.
        ActionRecord[] records = [Timelines.Action(0, 0, "0F0", 0, 1.4, 3.6), Timelines.Action(0, 1, "0B0", 3.6, 3.6, 9.4)];
        var bars = GanttCells.Bars(records, Timelines.Ms(10), 10);
        Assert.Equal(
            [(null, 1), ("0F0", 3), ("0B0", 5), (null, 1)],
            bars.Select(bar => (bar.Record?.Action.ToString(), bar.Width)));
    }

    [Fact]
    public void Colours_tell_micro_batches_and_kinds_apart()
    {
        using var output = new StringWriter();
        Consoles.To(output, 40, terminal: true).Write(new StepGantt(Step));
        var fills = System.Text.RegularExpressions.Regex.Matches(output.ToString(), @"48;2;\d+;\d+;\d+").Select(match => match.Value).Distinct();
        Assert.Equal(4, fills.Count()); // two micro-batches, forward and backward
    }

    [Fact]
    public void Into_a_file_no_colours_are_written_even_where_the_console_has_them()
    {
        using var output = new StringWriter();
        var console = Consoles.To(output, 46, terminal: false);
        console.Profile.Capabilities.Ansi = true;
        console.Profile.Capabilities.ColorSystem = ColorSystem.TrueColor;

        StepGantt.Write(Step, console);

        Assert.DoesNotContain('\u001b', output.ToString());
        Assert.Contains("B1======", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_stages_of_a_worker_are_told_apart() =>
        Assert.Contains("1F0", string.Join('\n', Lines(Timelines.Timeline(
            [Timelines.Action(0, 0, "0F0", 0, 0, 5), Timelines.Action(0, 1, "1F0", 5, 5, 9)], workers: 1, microBatches: 1, stageNames: ["a", "b"]), 60)), StringComparison.Ordinal);

    [Fact]
    public void A_step_without_actions_has_lanes() => Assert.Equal(3, Lines(Timelines.Timeline([], workers: 2, microBatches: 1), 40).Length);

    private static string[] Lines(StepTimeline step, int width)
    {
        using var output = new StringWriter();
        Consoles.To(output, width, terminal: false).Write(new StepGantt(step));
        return output.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
