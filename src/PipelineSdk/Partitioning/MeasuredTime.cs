using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>One time from many measurements: robust against a cold start and against single measurements that something
/// disturbed.</summary>
/// <param name="Median">The median of what was kept.</param>
/// <param name="Spread">The median distance from it (median absolute deviation).</param>
/// <param name="Kept">How many measurements were kept.</param>
/// <param name="Outliers">How many were left out besides the warm-up, for being more than five spreads away from the median of
/// all.</param>
public readonly record struct MeasuredTime(double Median, double Spread, int Kept, int Outliers)
{
    private const double MostSpreads = 5;

    /// <summary>Takes measurements in the order in which they were made.</summary>
    /// <param name="samples">The measurements.</param>
    /// <param name="warmUp">How many of the first to leave out.</param>
    /// <exception cref="ArgumentException">Nothing is left after the warm-up, or a measurement is negative or not
    /// finite.</exception>
    public static MeasuredTime From(IReadOnlyList<double> samples, int warmUp = 0)
    {
        Guard.NotNull(samples, nameof(samples));
        Guard.AtLeast(0, warmUp, nameof(warmUp), "The warm-up");
        if (samples.Count <= warmUp)
        {
            throw new ArgumentException(
                Invariant($"There are {samples.Count} measurements, and the first {warmUp} are warm-up; at least one has to be left."), nameof(samples));
        }

        var all = samples.Skip(warmUp).ToArray();
        int bad = Array.FindIndex(all, sample => !(sample >= 0) || double.IsInfinity(sample));
        if (bad >= 0)
        {
            throw new ArgumentException(
                Invariant($"Measurement {bad + warmUp} is {all[bad]}; a time is at least 0 and finite."), nameof(samples));
        }

        double center = MedianOf(all);
        double spread = MedianOf(Array.ConvertAll(all, sample => Math.Abs(sample - center)));
        var kept = all.Where(sample => Math.Abs(sample - center) <= MostSpreads * spread).ToArray();
        kept = kept.Length == 0 ? all : kept;
        double median = MedianOf(kept);
        return new MeasuredTime(median, MedianOf(Array.ConvertAll(kept, sample => Math.Abs(sample - median))), kept.Length, all.Length - kept.Length);
    }

    private static double MedianOf(double[] values)
    {
        var sorted = values.OrderBy(value => value).ToArray();
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : sorted[middle - 1] + ((sorted[middle] - sorted[middle - 1]) / 2);
    }
}
