using Spectre.Console;

namespace ResNet.Reports;

/// <summary>Progress bars on a terminal; elsewhere, such as in a log, a line now and then.</summary>
internal sealed class ProgressDisplay(IAnsiConsole console, bool bars)
{
    private const int LinesPerRun = 12;

    /// <summary>Whether it is drawn in place.</summary>
    public bool IsLive => bars;

    /// <summary>Runs the work, which reports after each of its steps.</summary>
    public T Run<T>(string title, int steps, Func<Action<string>, T> work)
    {
        if (!bars) return RunWithLines(title, steps, work);

        // The work runs on this thread: libtorch's thread count and gradient mode belong to it.
        T result = default!;
        console.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = 20 }, new RemainingTimeColumn())
            .Start(context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: steps);
                result = work(text =>
                {
                    task.Description = Markup.Escape($"{title}: {text}");
                    task.Increment(1);
                });
                task.Value = steps;
            });
        return result;
    }

    private T RunWithLines<T>(string title, int steps, Func<Action<string>, T> work)
    {
        int step = 0;
        int every = Math.Max(1, steps / LinesPerRun);
        return work(text =>
        {
            step++;
            if (step % every == 0 || step == 1 || step == steps) console.Profile.Out.Writer.WriteLine($"{title}: {text}");
        });
    }
}
