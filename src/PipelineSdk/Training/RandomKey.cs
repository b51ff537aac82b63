namespace PipelineSdk.Training;

/// <summary>
/// Names the stream of random numbers that a piece of work draws from: the same for the same piece, whoever runs it, when, and beside whom.
/// </summary>
/// <remarks>
/// The parts of the name go one after another through the finalizer of SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators,
/// 2014): <c>key = mix(key + 0x9E3779B97F4A7C15 + part)</c>, from <c>key = 0</c>. This is part of what users see: another rule gives other masks.
/// </remarks>
internal static class RandomKey
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <param name="parts">Seed, kind of step, step, segment, micro-batch.</param>
    public static long Of(params ReadOnlySpan<long> parts)
    {
        var key = 0UL;
        foreach (var part in parts) key = Mix(unchecked(key + Gamma + (ulong)part));
        return unchecked((long)key);
    }

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
