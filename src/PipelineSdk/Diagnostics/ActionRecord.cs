using PipelineSdk.Schedules;

namespace PipelineSdk.Diagnostics;

/// <summary>What one action did and when. Times count from the start of the step.</summary>
/// <param name="Worker">The worker that ran it.</param>
/// <param name="Slot">Its position in the worker's program.</param>
/// <param name="Action">Stage, kind and micro-batch.</param>
/// <param name="WaitStart">When the worker turned to it and began to wait for its input.</param>
/// <param name="Start">When its input was there and the work began.</param>
/// <param name="End">When its output had been handed over.</param>
/// <param name="Bytes">Bytes of tensors handed to the next worker; 0 where nothing was handed over.</param>
/// <param name="Recompute">
/// How much of a backward, from <paramref name="Start"/>, went into running the stage's forward again; zero where its activations were kept.
/// </param>
public readonly record struct ActionRecord(
    int Worker, int Slot, PipelineAction Action, TimeSpan WaitStart, TimeSpan Start, TimeSpan End, long Bytes, TimeSpan Recompute = default)
{
    /// <summary>How long before <see cref="End"/> the work was done and the output was being handed over; long only where a link had no room.</summary>
    public TimeSpan HandOver { get; init; }

    /// <summary>How long the garbage collector paused the process between <see cref="Start"/> and <see cref="End"/>.</summary>
    public TimeSpan Paused { get; init; }

    /// <summary>When the work was done.</summary>
    public TimeSpan WorkEnd => End - HandOver;

    /// <summary>How long the work took, without handing over.</summary>
    public TimeSpan Work => WorkEnd - Start;
}
