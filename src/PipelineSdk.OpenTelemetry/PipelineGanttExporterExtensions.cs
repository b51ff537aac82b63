using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PipelineSdk.OpenTelemetry;

// In OpenTelemetry's namespace, as every exporter: found where the builder is.
namespace OpenTelemetry.Trace;

/// <summary>Has Gantt files written while pipelines train.</summary>
public static class PipelineGanttExporterExtensions
{
    /// <summary>Writes Gantt files of all pipelines to <c>results/</c>: a picture of the last step and a Perfetto trace.</summary>
    /// <param name="builder">The builder of the tracer provider.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TracerProviderBuilder AddPipelineGanttExporter(this TracerProviderBuilder builder) =>
        AddPipelineGanttExporter(builder, name: null, configure: null);

    /// <summary>Writes Gantt files of all pipelines.</summary>
    /// <remarks>
    /// The files come from the workers' own records, not from spans: they are complete whatever sampler and exporters stand beside. They are written by a
    /// thread of their own, every <see cref="GanttExporterOptions.WriteInterval"/> and when the provider is flushed or disposed; a disk that is slow, full or
    /// read-only costs files, never a step.
    /// </remarks>
    /// <param name="builder">The builder of the tracer provider.</param>
    /// <param name="configure">What is written, where, and of which steps.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TracerProviderBuilder AddPipelineGanttExporter(this TracerProviderBuilder builder, Action<GanttExporterOptions> configure) =>
        AddPipelineGanttExporter(builder, name: null, configure);

    /// <summary>Writes Gantt files of all pipelines, with named options. Options that make no sense are refused when the provider is built.</summary>
    /// <param name="builder">The builder of the tracer provider.</param>
    /// <param name="name">The options' name; null for the default ones.</param>
    /// <param name="configure">What is written, where, and of which steps; null where the options are configured elsewhere.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="builder"/> is null.</exception>
    public static TracerProviderBuilder AddPipelineGanttExporter(
        this TracerProviderBuilder builder, string? name, Action<GanttExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;
        builder.ConfigureServices(services =>
        {
            services.AddOptions();
            if (configure is not null) services.Configure(name, configure);
        });
        return builder.AddProcessor(services => new GanttExporter(
            services.GetRequiredService<IOptionsMonitor<GanttExporterOptions>>().Get(name),
            (ILogger?)services.GetService<ILoggerFactory>()?.CreateLogger(typeof(GanttExporter).FullName!) ?? NullLogger.Instance));
    }
}
