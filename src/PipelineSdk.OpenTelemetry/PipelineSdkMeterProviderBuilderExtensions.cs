using PipelineSdk.Diagnostics;

// In OpenTelemetry's namespace, as every instrumentation: found where the builder is.
namespace OpenTelemetry.Metrics;

/// <summary>Registers PipelineSdk's metrics with OpenTelemetry.</summary>
public static class PipelineSdkMeterProviderBuilderExtensions
{
    /// <summary>Collects the metrics of all pipelines: of steps, actions, workers and failures. docs/telemetry.md lists them.</summary>
    /// <param name="builder">The builder of the meter provider.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static MeterProviderBuilder AddPipelineSdkInstrumentation(this MeterProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(PipelineSdkDiagnostics.MeterName);
    }
}
