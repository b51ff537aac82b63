using PipelineSdk.Diagnostics;

namespace PipelineSdk.Execution;

/// <summary>What a worker notes down as it goes: what it did, for the timeline, and where it is, for whoever waits.</summary>
/// <param name="worker">The worker's number.</param>
internal sealed class WorkerNotes(int worker)
{
    public int Worker => worker;

    /// <summary>What the worker did in the last step.</summary>
    public TimelineRecorder Recorder { get; } = new(worker);

    /// <summary>Where the worker is.</summary>
    public WorkerProgress Progress { get; } = new();
}
