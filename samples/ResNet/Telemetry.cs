using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ResNet.CommandLine;

namespace ResNet;

/// <summary>Sends the pipeline's spans where the user asked for.</summary>
internal static class Telemetry
{
    /// <summary>Disposing it sends what is left. Null where no spans are wanted.</summary>
    public static TracerProvider? Start(TraceExporter exporter) => exporter switch
    {
        TraceExporter.Console => Spans().AddConsoleExporter().Build(),
        TraceExporter.Otlp => Spans().AddOtlpExporter().Build(),
        _ => null,
    };

    // OTEL_SERVICE_NAME, where it is set, comes last and wins.
    private static TracerProviderBuilder Spans() => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.AddService("resnet-sample").AddEnvironmentVariableDetector())
        .AddPipelineSdkInstrumentation();
}
