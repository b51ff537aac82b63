namespace PipelineSdk.Partitioning;

/// <summary>How the time of a transfer counts.</summary>
public enum TransferMode
{
    /// <summary>Workers go on while messages travel: a cut is as a stage of its own, which takes twice the time of its transfer
    /// (there and back).</summary>
    Overlapped,

    /// <summary>Workers wait while they send: a stage takes, besides its work, the time to send its output on and its input's
    /// gradient back.</summary>
    Added,
}
