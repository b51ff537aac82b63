using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;

namespace OpenTelemetry.Trace;

/// <summary>Registers the console exporter for traces.</summary>
public static class ConsoleExporterHelperExtensions
{
    /// <summary>Writes every activity to the console as it ends.</summary>
    public static TracerProviderBuilder AddConsoleExporter(this TracerProviderBuilder builder) =>
        AddConsoleExporter(builder, name: null, configure: null);

    /// <summary>Writes every activity to the console as it ends.</summary>
    public static TracerProviderBuilder AddConsoleExporter(this TracerProviderBuilder builder, Action<ConsoleExporterOptions>? configure) =>
        AddConsoleExporter(builder, name: null, configure);

    /// <summary>Writes every activity to the console as it ends, with named options.</summary>
    public static TracerProviderBuilder AddConsoleExporter(
        this TracerProviderBuilder builder, string? name, Action<ConsoleExporterOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        name ??= Options.DefaultName;
        if (configure is not null) builder.ConfigureServices(services => services.Configure(name, configure));
        return builder.AddProcessor(services => new SimpleActivityExportProcessor(
            new ConsoleActivityExporter(services.GetRequiredService<IOptionsMonitor<ConsoleExporterOptions>>().Get(name))));
    }
}
