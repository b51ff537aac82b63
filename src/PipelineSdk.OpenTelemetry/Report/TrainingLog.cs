using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Collects a training run for a report: a few numbers of every step, and whole timelines of some. Memory grows by a few hundred
/// bytes a step. For one thread at a time.
/// </summary>
public sealed class TrainingLog
{
    private readonly List<StepNote> steps = [];
    private readonly List<StepTimeline> timelines = [];

    /// <param name="mostTimelines">The most timelines to keep: the first step's and the latest ones'. At least 2.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 2.</exception>
    public TrainingLog(int mostTimelines = 32)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostTimelines, 2);
        MostTimelines = mostTimelines;
    }

    /// <summary>The most timelines that are kept.</summary>
    public int MostTimelines { get; }

    /// <summary>Every step that was added, in order.</summary>
    public IReadOnlyList<StepNote> Steps => steps;

    /// <summary>The timelines that are kept: the first and the latest.</summary>
    public IReadOnlyList<StepTimeline> Timelines => timelines;

    /// <summary>How many timelines were not kept.</summary>
    public int DroppedTimelines { get; private set; }

    /// <summary>Adds a training step, with the memory that the process holds now.</summary>
    public void Add(StepResult step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Add(step.Timeline, step.Loss, step.Samples, Environment.WorkingSet);
    }

    /// <summary>Adds a step.</summary>
    /// <param name="step">What its workers did.</param>
    /// <param name="loss">The loss of the mini-batch; not a number where none is known.</param>
    /// <param name="samples">Samples in the mini-batch; 0 where that is not known.</param>
    /// <param name="memoryBytes">Memory in use after the step, in bytes; 0 where that is not known.</param>
    public void Add(StepTimeline step, double loss = double.NaN, long samples = 0, long memoryBytes = 0)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        ArgumentOutOfRangeException.ThrowIfNegative(memoryBytes);
        steps.Add(StepNote.Of(step.Explain(), loss, samples, memoryBytes));
        if (timelines.Count == MostTimelines)
        {
            timelines.RemoveAt(1);
            DroppedTimelines++;
        }

        timelines.Add(step);
    }
}
