using BenchmarkDotNet.Attributes;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.Benchmarks;

/// <summary>What an entry of the timeline costs, without reading the clock.</summary>
[InProcess]
[MemoryDiagnoser]
public class TimelineRecorderBenchmarks
{
    private const int Actions = 64;

    private readonly TimelineRecorder recorder = new(0);

    [Benchmark(OperationsPerInvoke = Actions)]
    public int Add()
    {
        recorder.Reset(Actions);
        for (var slot = 0; slot < Actions; slot++) recorder.Add(new PipelineAction(0, ActionKind.Forward, slot), slot, slot + 1, slot + 2, bytes: 4096);
        return recorder.Count;
    }
}
