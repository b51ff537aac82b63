using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.Terminal.Tests;

public sealed class TrainingViewTests
{
    [Fact]
    public void Elsewhere_than_on_a_terminal_it_is_plain_lines_a_dozen_a_run()
    {
        var lines = Run(terminal: false, steps: 120).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.InRange(lines.Length, 12, 14);
        // GPipe, two workers, four micro-batches: 15 ms a step, each worker busy for 12 of them.
        Assert.StartsWith("a [run]: step 1/120, loss 2.5000, 533 samples/s, ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" left, work 80 % 80 %", lines[0], StringComparison.Ordinal);
        Assert.Equal("a [run]: step 120/120, loss 2.5000, 533 samples/s, done, work 80 % 80 %", lines[^1]);
        Assert.DoesNotContain(lines, line => line.Contains('\u001b', StringComparison.Ordinal));
    }

    [Fact]
    public void On_a_terminal_it_is_drawn_in_place_with_bars()
    {
        var text = Run(terminal: true, steps: 3);

        foreach (var part in (string[])["a [run]", "step 3/3", "done", "2.5000", "533 samples/s", "worker 1", "80 %", "━"]) Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.Contains("\u001b[", text, StringComparison.Ordinal);
    }

    [Fact]
    public void It_trains_on_the_callers_thread_and_hands_through_result_and_failure()
    {
        var view = new TrainingView(Consoles.To(TextWriter.Null, 80, terminal: true));
        Assert.Equal(Environment.CurrentManagedThreadId, view.Run("x", 1, _ => Environment.CurrentManagedThreadId));
        Assert.Throws<InvalidDataException>(() => view.Run("x", 1, _ => throw new InvalidDataException()));
    }

    private static string Run(bool terminal, int steps)
    {
        using var output = new StringWriter();
        var step = Timelines.Simulate(PipelineSchedule.GPipe, 2, 4);
        new TrainingView(Consoles.To(output, 70, terminal)).Run("a [run]", steps, progress =>
        {
            for (var i = 0; i < steps; i++) progress.Step(step, loss: 2.5, samples: 8);
        });
        return output.ToString().ReplaceLineEndings("\n");
    }
}
