using System.Diagnostics.Metrics;
using TorchSharp;

namespace PipelineSdk.Diagnostics;

/// <summary>The instruments, by the names in <see cref="PipelineSdkDiagnostics"/>. Units are those of UCUM.</summary>
internal static class PipelineInstruments
{
    private static readonly Meter Meter = new(PipelineSdkDiagnostics.MeterName, PipelineTelemetry.Version);

    public static readonly Histogram<double> StepDuration = Seconds(
        PipelineSdkDiagnostics.StepDurationMetric, "How long steps take, from the call to the last gradient.",
        [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]);

    public static readonly Histogram<double> ActionDuration = Seconds(
        PipelineSdkDiagnostics.ActionDurationMetric, "How long actions take: one stage, one micro-batch.", ActionBoundaries);

    public static readonly Histogram<double> ActionWait = Seconds(
        PipelineSdkDiagnostics.ActionWaitMetric, "How long workers wait for the input of actions.", ActionBoundaries);

    public static readonly Gauge<double> BubbleRatio = Meter.CreateGauge<double>(
        PipelineSdkDiagnostics.BubbleRatioMetric, unit: "1", description: "The flush bubble of the last step: the share of all workers' time without work.");

    public static readonly Gauge<double> WorkerBusyRatio = Meter.CreateGauge<double>(
        PipelineSdkDiagnostics.WorkerBusyRatioMetric, unit: "1", description: "The share of the last step that the worker spent in actions.");

    public static readonly Gauge<int> ActivationsPeak = Meter.CreateGauge<int>(
        PipelineSdkDiagnostics.ActivationsPeakMetric, unit: "{activation}",
        description: "The most forwards whose activations the worker held at once in the last step.");

    public static readonly Counter<long> Samples = Meter.CreateCounter<long>(
        PipelineSdkDiagnostics.SamplesMetric, unit: "{sample}", description: "Samples that went through a pipeline.");

    public static readonly Gauge<double> Throughput = Meter.CreateGauge<double>(
        PipelineSdkDiagnostics.ThroughputMetric, unit: "{sample}/s", description: "The samples of the last step over its duration.");

    public static readonly Counter<long> MicroBatches = Meter.CreateCounter<long>(
        PipelineSdkDiagnostics.MicroBatchesMetric, unit: "{microbatch}", description: "Micro-batches that went through a pipeline.");

    public static readonly Counter<long> Handover = Meter.CreateCounter<long>(
        PipelineSdkDiagnostics.HandoverMetric, unit: "By", description: "Bytes of tensors handed to another worker.");

    public static readonly Counter<double> GcPause = Meter.CreateCounter<double>(
        PipelineSdkDiagnostics.GcPauseMetric, unit: "s", description: "How long the garbage collector paused the process's managed threads during steps.");

    public static readonly Counter<long> StepFailures = Meter.CreateCounter<long>(
        PipelineSdkDiagnostics.StepFailuresMetric, unit: "{step}", description: "Steps that failed or were cancelled.");

    // Asked for when somebody collects; nothing is kept for them. Held by the meter.
    static PipelineInstruments()
    {
        Meter.CreateObservableUpDownCounter(
            PipelineSdkDiagnostics.LiveTensorsMetric, static () => torch.Tensor.TotalCount, unit: "{tensor}", description: "Tensors of the process that are alive.");
        Meter.CreateObservableCounter(
            PipelineSdkDiagnostics.ListenerFaultsMetric, static () => PipelineTelemetry.ListenerFaults, unit: "{fault}",
            description: "Exceptions of listeners of telemetry, which cost their data and not the step.");
    }

    private static double[] ActionBoundaries =>
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static Histogram<double> Seconds(string name, string description, double[] boundaries) => Meter.CreateHistogram(
        name, unit: "s", description, tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });
}
