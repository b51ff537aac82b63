namespace PipelineSdk.Benchmarks.Speed;

/// <summary>What telemetry costs with somebody listening.</summary>
/// <param name="Listening">Who.</param>
/// <param name="RecordMicroseconds">Per action, on its worker: timestamps, the record, the span.</param>
/// <param name="PublishMicroseconds">Per action, on the caller's thread when the step has ended.</param>
/// <param name="Bytes">Managed memory allocated per action.</param>
/// <param name="PercentOfStep">Of a step of the ResNet through two stages, as if all actions' costs came one after another: workers share them in fact.</param>
internal sealed record TelemetryRow(
    TelemetryBenchmarks.Audience Listening, double RecordMicroseconds, double PublishMicroseconds, double Bytes, double PercentOfStep)
{
    /// <summary>The workload whose step is the measure.</summary>
    public static IWorkload Work => Workloads.ResNet128;

    public static IEnumerable<TelemetryRow> Measure()
    {
        // What a listener adds is less than by what steps differ: measured by itself, and set against the step.
        var (step, actions) = Work.PipelineStep();
        foreach (var listening in Enum.GetValues<TelemetryBenchmarks.Audience>())
        {
            var (record, publish) = QuickRun.Telemetry(listening);
            yield return new TelemetryRow(
                listening, record.Nanoseconds / 1e3, publish.Nanoseconds / 1e3, record.Bytes + publish.Bytes,
                100 * actions * (record.Nanoseconds + publish.Nanoseconds) / (1e9 * step));
        }
    }
}
