using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Steps without a pipeline, on a thread of its own with a number of intra-op threads.</summary>
internal sealed class Uncut(string name, int threads, Action step) : Contender(name, ContenderKind.Uncut)
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
