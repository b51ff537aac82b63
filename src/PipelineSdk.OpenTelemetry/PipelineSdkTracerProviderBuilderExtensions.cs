using PipelineSdk.Diagnostics;

// In OpenTelemetry's namespace, as every instrumentation: found where the builder is.
namespace OpenTelemetry.Trace;

/// <summary>Registers PipelineSdk's spans with OpenTelemetry.</summary>
public static class PipelineSdkTracerProviderBuilderExtensions
{
    /// <summary>
    /// Collects the spans of all pipelines: one per step, and under it one per action, linked to the one that sent its input.
    /// </summary>
    /// <remarks>
    /// A step of <c>w</c> workers has about as many spans as actions, 2 x stages x micro-batches. A batching exporter drops what its
    /// queue cannot hold, without a word: give it a queue of at least the spans of its export interval (<c>OTEL_BSP_MAX_QUEUE_SIZE</c>).
    /// </remarks>
    /// <param name="builder">The builder of the tracer provider.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TracerProviderBuilder AddPipelineSdkInstrumentation(this TracerProviderBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddSource(PipelineSdkDiagnostics.ActivitySourceName);
    }
}
