using System.Diagnostics;
using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.Benchmarks;

/// <summary>What telemetry adds to a step of 64 actions: what a worker does per action beside computing, and what is done once at the step's end. Divided by 64.</summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks
{
    /// <summary>Actions per step; all figures are per action.</summary>
    public const int Actions = 64;

    private static readonly StepClock Clock = StepClock.Start();

    private readonly TimelineRecorder recorder = new(0);
    private readonly List<IDisposable> listeners = [];
    private StepTimeline timeline = null!;

    /// <summary>What was heard: kept, so that listeners do something.</summary>
    public long Heard { get; private set; }

    /// <summary>Who listens.</summary>
    public enum Audience
    {
        /// <summary>Nobody.</summary>
        Nobody,

        /// <summary>A listener of all spans with all their data.</summary>
        Spans,

        /// <summary>A listener of all instruments.</summary>
        Metrics,

        /// <summary>An observer of timelines, as the Gantt exporter is one.</summary>
        Timelines,

        /// <summary>A listener of spans, of instruments and of timelines.</summary>
        Everything,

        /// <summary>OpenTelemetry's SDK, with an exporter of all spans that keeps them in memory.</summary>
        MemoryExporter,
    }

    [ParamsAllValues]
    public Audience Listening { get; set; }

    [GlobalSetup]
    public void Listen()
    {
        if (Listening is Audience.Spans or Audience.Everything) listeners.Add(ListenToSpans());
        if (Listening is Audience.MemoryExporter) listeners.Add(ExportToMemory());
        if (Listening is Audience.Metrics or Audience.Everything) listeners.Add(ListenToMetrics());
        if (Listening is Audience.Timelines or Audience.Everything) listeners.Add(StepTimelines.Subscribe(_ => Heard++));
        RunActions(span: null);
        timeline = Timeline(TimelineRecorder.Collect(Clock, [recorder]));
    }

    [GlobalCleanup]
    public void Leave()
    {
        foreach (var listener in listeners) listener.Dispose();
        listeners.Clear();
    }

    /// <summary>On the workers: timestamps, the record, and spans where somebody wants them.</summary>
    [Benchmark(OperationsPerInvoke = Actions)]
    public void Record()
    {
        var span = PipelineTelemetry.StartStep(Clock, "Net", "1F1B", "train", step: 1, workers: 4, microBatches: 8);
        RunActions(span);
        span?.End(timeline);
    }

    /// <summary>On the caller's thread, when the step has ended: measurements and observers.</summary>
    [Benchmark(OperationsPerInvoke = Actions)]
    public void Publish() => StepTimelines.Publish(timeline);

    // As Worker does it, without the work.
    private void RunActions(StepSpan? span)
    {
        recorder.Reset(Actions);
        for (var slot = 0; slot < Actions; slot++)
        {
            var action = new PipelineAction(slot % 4, ActionKind.Forward, slot / 4);
            var waitStart = Stopwatch.GetTimestamp();
            var start = Stopwatch.GetTimestamp();
            var activity = span?.StartAction(action, "layer", 0, slot, "cpu", span.Context, waitStart, start);
            var end = Stopwatch.GetTimestamp();
            recorder.Add(action, waitStart, start, end, bytes: 4096);
            span?.EndAction(activity, bytes: 4096, end);
        }
    }

    private static StepTimeline Timeline(IReadOnlyList<ActionRecord> actions) => new()
    {
        Pipeline = "Net",
        Step = 1,
        Schedule = "1F1B",
        Mode = "train",
        Workers = 1,
        MicroBatches = Actions / 4,
        StageNames = ["layer", "layer", "layer", "layer"],
        StartedAt = Clock.StartedAt,
        Duration = TimeSpan.FromMilliseconds(10),
        Actions = actions,
    };

    private static ActivityListener ListenToSpans()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineSdkDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    private static TracerProvider ExportToMemory() => Sdk.CreateTracerProviderBuilder()
        .AddSource(PipelineSdkDiagnostics.ActivitySourceName)
        .AddProcessor(new SimpleActivityExportProcessor(new MemoryExporter()))
        .Build();

    private MeterListener ListenToMetrics()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == PipelineSdkDiagnostics.MeterName) self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => Heard++);
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => Heard++);
        listener.SetMeasurementEventCallback<int>((_, _, _, _) => Heard++);
        listener.Start();
        return listener;
    }

    // Keeps those of some hundred steps: a benchmark runs millions.
    private sealed class MemoryExporter : BaseExporter<Activity>
    {
        private readonly List<Activity> kept = new(256 * Actions);

        public override ExportResult Export(in Batch<Activity> batch)
        {
            if (kept.Count == kept.Capacity) kept.Clear();
            foreach (var activity in batch) kept.Add(activity);
            return ExportResult.Success;
        }
    }
}
