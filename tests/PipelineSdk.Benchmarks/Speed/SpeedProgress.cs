using System.Diagnostics;
using System.Globalization;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>How far a long run is: lines on the console's other stream, so that tables stay whole.</summary>
/// <param name="parts">What will be measured, with the minutes that it takes on two cores: only their ratios count.</param>
internal sealed class SpeedProgress(IReadOnlyList<(string Name, double Minutes)> parts)
{
    private readonly long start = Stopwatch.GetTimestamp();

    /// <summary>Tells what part is being measured, and how much of it is done, 0 to 1.</summary>
    public void Tell(string part, string what, double done)
    {
        var before = parts.TakeWhile(other => other.Name != part).Sum(other => other.Minutes);
        var share = (before + (done * parts.First(other => other.Name == part).Minutes)) / parts.Sum(other => other.Minutes);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{100 * share,3:0} % {Stopwatch.GetElapsedTime(start):hh\\:mm\\:ss}  {part}: {what}"));
    }
}
