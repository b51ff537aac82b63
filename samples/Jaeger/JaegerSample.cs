using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PipelineSdk.Schedules;
using TorchSharp;

namespace Jaeger;

/// <summary>The host: configuration, model, pipeline, telemetry and training.</summary>
internal static class JaegerSample
{
    /// <summary>Builds it. Settings come from appsettings.json, the environment and the command line, later ones first.</summary>
    public static IHost CreateHost(string[] args)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var training = builder.Configuration.GetSection("Training");
        builder.Services.Configure<TrainingOptions>(training);
        builder.Services.AddHostedService<Telemetry>();
        builder.Services.AddSingleton(services =>
        {
            torch.random.manual_seed(services.GetRequiredService<IOptions<TrainingOptions>>().Value.Seed);
            return new SpiralNet();
        });
        builder.Services.AddPipeline<SpiralNet>(options =>
        {
            var chosen = training.Get<TrainingOptions>() ?? new TrainingOptions();
            options.Schedule = ScheduleCatalog.Get(chosen.Schedule);
            options.MicroBatches = chosen.MicroBatches;
        });
        builder.Services.AddHostedService<TrainingService>();
        return builder.Build();
    }
}
