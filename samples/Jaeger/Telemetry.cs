using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Jaeger;

/// <summary>Sends spans and metrics to an OTLP endpoint and writes Gantt files, from the host's start to its end.</summary>
/// <remarks>
/// The package OpenTelemetry.Extensions.Hosting does the same with <c>services.AddOpenTelemetry().WithTracing(...)</c>; here the providers are built by hand, so
/// that the sample needs no more than the SDK and the exporter. Both read OTEL_* settings from the host's configuration: appsettings.json, environment, command line.
/// </remarks>
internal sealed class Telemetry(IConfiguration configuration, ILoggerFactory logging) : IHostedLifecycleService, IDisposable
{
    private TracerProvider? tracing;
    private MeterProvider? metrics;

    // Before any other service starts, so that the first step is seen.
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        tracing = Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(AddHostServices)
            .ConfigureResource(NameService)
            .AddPipelineSdkInstrumentation()
            .AddOtlpExporter()
            .AddPipelineGanttExporter(configuration.GetSection("Gantt").Bind)
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(AddHostServices)
            .ConfigureResource(NameService)
            .AddPipelineSdkInstrumentation()
            .AddOtlpExporter()
            .Build();
        return Task.CompletedTask;
    }

    // After all others have stopped: disposing sends and writes what is left.
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        tracing?.Dispose();
        metrics?.Dispose();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void AddHostServices(IServiceCollection services) => services.AddSingleton(configuration).AddSingleton(logging);

    private static void NameService(ResourceBuilder resource) => resource.AddEnvironmentVariableDetector();
}
