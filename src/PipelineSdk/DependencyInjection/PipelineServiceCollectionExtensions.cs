using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PipelineSdk;
using PipelineSdk.Model;
using TorchSharp;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers pipelines.</summary>
public static class PipelineServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IPipeline{TModel}"/> as a singleton, with the default options.</summary>
    /// <inheritdoc cref="AddPipeline{TModel}(IServiceCollection, Action{PipelineOptions})"/>
    public static IServiceCollection AddPipeline<TModel>(this IServiceCollection services)
        where TModel : torch.nn.Module, IPipelineModel<TModel>
        => services.AddPipeline<TModel>(static _ => { });

    /// <summary>
    /// Registers <see cref="IPipeline{TModel}"/> as a singleton. The model is the <typeparamref name="TModel"/> registered in the same
    /// services, or one that its constructor makes from them. Calling it again for the same model adds to the options.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options of this model's pipeline. They are checked when the host starts, or where there is none, when the pipeline is built.</param>
    /// <typeparam name="TModel">The annotated model class.</typeparam>
    public static IServiceCollection AddPipeline<TModel>(this IServiceCollection services, Action<PipelineOptions> configure)
        where TModel : torch.nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);

        var name = typeof(TModel).FullName!;
        services.AddOptions<PipelineOptions>(name).Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PipelineOptions>, PipelineOptionsValidator>());
        services.TryAddSingleton<TModel>();
        services.TryAddSingleton<IPipeline<TModel>>(provider => new Pipeline<TModel>(
            provider.GetRequiredService<TModel>(),
            provider.GetRequiredService<IOptionsMonitor<PipelineOptions>>().Get(name),
            provider.GetService<ILoggerFactory>()?.CreateLogger("PipelineSdk")));
        return services;
    }
}
