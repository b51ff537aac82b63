using System.Diagnostics;
using System.Globalization;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.Terminal;

/// <summary>How far a run is; told after each step.</summary>
public sealed class TrainingProgress
{
    private readonly Action<TrainingProgress> changed;
    private readonly long start = Stopwatch.GetTimestamp();

    internal TrainingProgress(string title, int steps, Action<TrainingProgress> changed)
    {
        Title = title;
        Steps = steps;
        this.changed = changed;
    }

    /// <summary>What is trained.</summary>
    public string Title { get; }

    /// <summary>How many steps it will be.</summary>
    public int Steps { get; }

    /// <summary>How many are done.</summary>
    public int Done { get; private set; }

    /// <summary>The last step's loss; not a number before the first.</summary>
    public double Loss { get; private set; } = double.NaN;

    /// <summary>Samples per second of the last step.</summary>
    public double SamplesPerSecond { get; private set; }

    /// <summary>The time left if the other steps take as long as those so far; null before the first.</summary>
    public TimeSpan? Left => Done == 0 ? null : Stopwatch.GetElapsedTime(start) / Done * Math.Max(0, Steps - Done);

    /// <summary>For each worker, the share of the last step in which it worked, 0 to 1.</summary>
    public IReadOnlyList<double> Utilization { get; private set; } = [];

    /// <summary>Tells of a step that has ended.</summary>
    public void Step(StepResult step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Step(step.Timeline, step.Loss, step.Samples);
    }

    /// <summary>Tells of a step that has ended.</summary>
    /// <param name="timeline">What its workers did.</param>
    /// <param name="loss">Its loss.</param>
    /// <param name="samples">Its samples.</param>
    public void Step(StepTimeline timeline, double loss, long samples)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        var seconds = timeline.Duration.TotalSeconds;
        Done++;
        Loss = loss;
        SamplesPerSecond = seconds > 0 ? samples / seconds : 0;
        Utilization = [.. TimelineSummary.Of(timeline).Workers.Select(worker => seconds > 0 ? worker.Busy.TotalSeconds / seconds : 0)];
        changed(this);
    }

    /// <summary>All of it in a line.</summary>
    internal string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"step {Done}/{Steps}, loss {Loss:F4}, {SamplesPerSecond:F0} samples/s, {LeftText}, work {string.Join(" ", Utilization.Select(share => share.ToString("P0", CultureInfo.InvariantCulture)))}");

    internal string LeftText => Left is not { } left ? "" : Done >= Steps ? "done"
        : left.ToString(left.TotalHours >= 1 ? @"h\:mm\:ss" : @"m\:ss", CultureInfo.InvariantCulture) + " left";
}
