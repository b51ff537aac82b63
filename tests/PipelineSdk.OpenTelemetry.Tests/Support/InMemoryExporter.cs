using System.Collections.Concurrent;
using System.Diagnostics;
using OpenTelemetry;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Keeps what OpenTelemetry exports.</summary>
internal sealed class InMemoryExporter : BaseExporter<Activity>
{
    private readonly ConcurrentQueue<Activity> exported = new();

    public IReadOnlyList<Activity> Exported => [.. exported];

    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (var activity in batch) exported.Enqueue(activity);
        return ExportResult.Success;
    }
}
