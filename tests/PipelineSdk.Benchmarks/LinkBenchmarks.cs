using BenchmarkDotNet.Attributes;
using PipelineSdk.Execution;

namespace PipelineSdk.Benchmarks;

/// <summary>What a link between two workers costs: on one thread, where nobody waits, and to a thread that waits and back.</summary>
[InProcess]
[MemoryDiagnoser]
public class LinkBenchmarks
{
    private readonly Action<int> discard = static _ => { };
    private Link<int> alone = null!;
    private Link<int> there = null!;
    private Link<int> back = null!;
    private Thread other = null!;

    /// <summary>Whether who waits spins before blocking.</summary>
    [Params(true, false)]
    public bool Spin { get; set; }

    [GlobalSetup]
    public void Start()
    {
        (alone, there, back) = (new(1, Spin), new(1, Spin), new(1, Spin));
        other = new Thread(() =>
        {
            while (there.TryTake(out var value)) back.TryPut(value);
        });
        other.Start();
    }

    [GlobalCleanup]
    public void End()
    {
        there.Abort();
        other.Join();
        there.Reset(discard);
    }

    [Benchmark(Baseline = true)]
    public int PutAndTake()
    {
        alone.TryPut(1);
        alone.TryTake(out var value);
        return value;
    }

    /// <summary>Two hand-overs.</summary>
    [Benchmark]
    public int RoundTrip()
    {
        there.TryPut(1);
        back.TryTake(out var value);
        return value;
    }
}
