using System.Diagnostics;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>One way to run the steps of a workload.</summary>
internal abstract class Contender(string name, ContenderKind kind) : IDisposable
{
    public string Name => name;

    public ContenderKind Kind => kind;

    /// <summary>Seconds of each of a number of steps, warm.</summary>
    public abstract IReadOnlyList<double> Run(int steps);

    /// <summary>Runs a number of steps that nobody asks about.</summary>
    public virtual void WarmUp(int steps) => Run(steps);

    public virtual void Dispose()
    {
    }

    protected static IReadOnlyList<double> Time(int steps, Action step)
    {
        var times = new double[steps];
        for (var i = 0; i < steps; i++)
        {
            var start = Stopwatch.GetTimestamp();
            step();
            times[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return times;
    }
}
