using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Listens to PipelineSdk's instruments and keeps every measurement.</summary>
internal sealed class MeasurementRecorder : IDisposable
{
    private readonly ConcurrentQueue<Measurement> measured = new();
    private readonly MeterListener listener = new();

    public MeasurementRecorder()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == PipelineSdkDiagnostics.MeterName) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
    }

    public IReadOnlyList<Measurement> All => [.. measured];

    public IReadOnlyList<Measurement> Of(string instrument) => [.. measured.Where(one => one.Name == instrument)];

    /// <summary>Asks the observable instruments.</summary>
    public void Observe() => listener.RecordObservableInstruments();

    public void Dispose() => listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        measured.Enqueue(new Measurement(instrument.Name, instrument.Unit, value, tags.ToArray().ToDictionary()));
}

internal sealed record Measurement(string Name, string? Unit, double Value, IReadOnlyDictionary<string, object?> Tags);
