namespace PipelineSdk.Machine;

/// <summary>The pipelines of this process that have not been disposed.</summary>
internal static class LivePipelines
{
    /// <summary>Their threads: workers times intra-op threads.</summary>
    internal static int Threads;
}
