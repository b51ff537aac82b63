namespace PipelineSdk.OpenTelemetry;

/// <summary>Maps the time of a step to pixels, and picks round tick marks.</summary>
internal readonly struct TimeAxis(TimeSpan length, double left, double width)
{
    private static readonly int[] RoundFactors = [1, 2, 5, 10];

    private readonly double milliseconds = Math.Max(length.TotalMilliseconds, 1e-4);

    public double X(TimeSpan time) => left + (width * time.TotalMilliseconds / milliseconds);

    /// <summary>Ticks of 1, 2 or 5 times a power of ten ms, at least <paramref name="spacing"/> pixels apart.</summary>
    public IEnumerable<(double X, decimal Milliseconds)> Ticks(double spacing)
    {
        var least = milliseconds * spacing / width;
        var power = (decimal)Math.Pow(10, Math.Floor(Math.Log10(least)));
        var step = RoundFactors.Select(factor => factor * power).First(candidate => (double)candidate >= least * 0.999);
        return TicksEvery(step, (decimal)milliseconds, left, width);
    }

    private static IEnumerable<(double X, decimal Milliseconds)> TicksEvery(decimal step, decimal length, double left, double width)
    {
        for (var tick = 0m; tick <= length; tick += step) yield return (left + (width * (double)(tick / length)), tick);
    }
}
