namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What limits a pipeline's speed.</summary>
/// <param name="Workers">Workers.</param>
/// <param name="Cores">The cores that they can use: one each, no more than there are.</param>
/// <param name="Bound">
/// The speed over one thread that the schedule allows, by stage costs measured when nothing else runs: cores that do not disturb each other. No more than <paramref name="Cores"/>.
/// </param>
/// <param name="Ceiling">The speed over one thread of so many independent copies at once, one per core: what the cores give when all are busy.</param>
/// <param name="OfOwnBound">
/// Median over steps of the share of a step's time that the schedule needs with stages as slow as they were in that step, all workers running. The rest is waiting and handing
/// over beyond the schedule's own, and actions that took longer than is typical of them.
/// </param>
internal sealed record PipelineLimits(int Workers, int Cores, double Bound, double Ceiling, double OfOwnBound)
{
    /// <summary>The bound with the cores as fast as they are when all are busy.</summary>
    public double OnTheseCores => Bound * Ceiling / Cores;
}
