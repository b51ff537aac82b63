using System.Diagnostics;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>One way to run the steps of a workload.</summary>
internal abstract class Contender(string name) : IDisposable
{
    public string Name => name;

    /// <summary>Seconds of each of a number of steps, warm.</summary>
    public abstract IReadOnlyList<double> Run(int steps);

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

/// <summary>Steps without a pipeline, on a thread of its own with a number of intra-op threads.</summary>
internal sealed class Uncut(string name, int threads, Action step) : Contender(name)
{
    public override IReadOnlyList<double> Run(int steps)
    {
        IReadOnlyList<double> times = [];
        var thread = new Thread(() =>
        {
            _ = get_num_threads();
            set_num_threads(threads);
            times = Time(steps, step);
        });
        thread.Start();
        thread.Join();
        return times;
    }
}

/// <summary>Steps of a pipeline.</summary>
internal sealed class Pipelined(string name, Action step, IDisposable pipeline) : Contender(name)
{
    public override IReadOnlyList<double> Run(int steps) => Time(steps, step);

    public override void Dispose()
    {
        base.Dispose();
        pipeline.Dispose();
    }
}
