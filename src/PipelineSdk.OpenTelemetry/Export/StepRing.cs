using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>The last steps of one pipeline. Not safe for several threads at once.</summary>
internal sealed class StepRing(int capacity)
{
    private readonly Queue<StepTimeline> steps = new();

    /// <summary>Steps that there were.</summary>
    public long Seen { get; private set; }

    /// <summary>Whether a step has been taken since the last <see cref="Take"/>.</summary>
    public bool HasNew { get; private set; }

    /// <summary>Notes a step that is not to be kept.</summary>
    public void Skip() => Seen++;

    /// <summary>Keeps a step; false where an older one had to give way.</summary>
    public bool Add(StepTimeline step)
    {
        Seen++;
        HasNew = true;
        var full = steps.Count == capacity;
        if (full) steps.Dequeue();
        steps.Enqueue(step);
        return !full;
    }

    /// <summary>The steps that are kept, the oldest first, and how many others there were.</summary>
    public (StepTimeline[] Steps, long Dropped) Take()
    {
        HasNew = false;
        return ([.. steps], Seen - steps.Count);
    }

    /// <summary>Says that what was taken did not reach the disk.</summary>
    public void PutBack() => HasNew = true;
}
