namespace PipelineSdk;

/// <summary>
/// A step was given up because it could not go on: every worker that had not ended waited for another, or a worker's thread was gone. Neither comes
/// from a stage that throws, which is a <see cref="PipelineException"/>. Gradients of the step may have been added in part.
/// </summary>
public sealed class PipelineStallException : Exception
{
    /// <summary>Creates the exception.</summary>
    public PipelineStallException(string message, string report, long step, bool isPipelineUsable, Exception? innerException = null)
        : base(message, innerException)
    {
        Report = report;
        Step = step;
        IsPipelineUsable = isPipelineUsable;
    }

    /// <summary>What every worker was doing, a line per worker.</summary>
    public string Report { get; }

    /// <summary>The step's number, counted from 0 over the life of the pipeline.</summary>
    public long Step { get; }

    /// <summary>Whether the pipeline can run another step. Without a worker's thread it can't: dispose it and build another.</summary>
    public bool IsPipelineUsable { get; }
}
