using Spectre.Console;

namespace PipelineSdk.Terminal;

/// <summary>
/// Shows training while it runs: steps done and time left, loss, samples per second, and how much each worker works. On a terminal it is drawn in place;
/// elsewhere, such as in a file or in CI, it is a line now and then.
/// </summary>
public sealed class TrainingView
{
    private const int LinesPerRun = 12;

    private readonly IAnsiConsole console;

    /// <param name="console">Where to; the process's own by default.</param>
    public TrainingView(IAnsiConsole? console = null)
    {
        this.console = console ?? AnsiConsole.Console;
        IsLive = this.console.Profile.Out.IsTerminal && this.console.Profile.Capabilities is { Interactive: true, Ansi: true };
    }

    /// <summary>Whether the view is drawn in place; by default where the console is a terminal and somebody sits there.</summary>
    public bool IsLive { get; init; }

    /// <summary>Runs the training, on the calling thread: libtorch's thread count and gradient mode belong to it.</summary>
    /// <param name="title">What is trained, in a word or two.</param>
    /// <param name="steps">How many steps it will be.</param>
    /// <param name="train">Trains, and reports after each step.</param>
    /// <returns>What <paramref name="train"/> returns.</returns>
    public T Run<T>(string title, int steps, Func<TrainingProgress, T> train)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        ArgumentNullException.ThrowIfNull(train);
        if (!IsLive) return train(new TrainingProgress(title, steps, WriteLine));

        T result = default!;
        console.Live(new Text(title)).Start(context =>
            result = train(new TrainingProgress(title, steps, progress => context.UpdateTarget(TrainingPanel.Of(progress)))));
        return result;
    }

    /// <summary>As the other overload, for training without a result.</summary>
    /// <inheritdoc cref="Run{T}(string, int, Func{TrainingProgress, T})" path="/param"/>
    public void Run(string title, int steps, Action<TrainingProgress> train)
    {
        ArgumentNullException.ThrowIfNull(train);
        Run(title, steps, progress =>
        {
            train(progress);
            return true;
        });
    }

    // Not markup, and not wrapped: logs are searched by line.
    private void WriteLine(TrainingProgress progress)
    {
        if (progress.Done % Math.Max(1, progress.Steps / LinesPerRun) == 0 || progress.Done == 1 || progress.Done == progress.Steps)
            console.Profile.Out.Writer.WriteLine($"{progress.Title}: {progress.Line}");
    }
}
