namespace PipelineSdk.Partitioning;

/// <summary>A model cannot be cut as asked. The message names the segment that is in the way, and by how much.</summary>
public sealed class PartitionException : Exception
{
    /// <summary>A refusal.</summary>
    /// <param name="message">What is in the way.</param>
    /// <param name="segment">The segment that is in the way; -1 where there is none.</param>
    /// <param name="excessBytes">The bytes it is too large by; 0 where memory is not the reason.</param>
    public PartitionException(string message, int segment = -1, long excessBytes = 0)
        : base(message)
    {
        Segment = segment;
        ExcessBytes = excessBytes;
    }

    /// <summary>The segment that is in the way, counted from 0; -1 where there is none.</summary>
    public int Segment { get; }

    /// <summary>The bytes it is too large by; 0 where memory is not the reason.</summary>
    public long ExcessBytes { get; }
}
