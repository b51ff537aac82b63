using Microsoft.Extensions.Logging;
using PipelineSdk.Execution;
using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using TorchSharp;

namespace PipelineSdk;

/// <summary>Plans pipelines, and builds them without dependency injection.</summary>
public static class Pipeline
{
    /// <summary>Builds a pipeline and starts its worker threads.</summary>
    /// <typeparam name="TModel">The annotated model class.</typeparam>
    /// <param name="model">The model; it stays the caller's, and must outlive the pipeline.</param>
    /// <param name="options">How to run it; the defaults where null.</param>
    /// <param name="logger">Where the pipeline tells what it set up; nowhere where null.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">The options do not fit the model.</exception>
    /// <exception cref="NotSupportedException">The runtime can't run the schedule yet.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed.</exception>
    public static IPipeline<TModel> Create<TModel>(TModel model, PipelineOptions? options = null, ILogger? logger = null)
        where TModel : torch.nn.Module, IPipelineModel<TModel>
        => new Pipeline<TModel>(model, options, logger);

    /// <summary>
    /// Searches as <see cref="PipelinePlanner.Search(ModelProfile, PlannerOptions)"/> does, and rejects schedules without a flush, whose gradients are stale:
    /// every plan of the result can be given to <see cref="PipelineOptions.Plan"/> without changing what is trained. For a schedule that splits backwards the prediction takes it that all
    /// weight gradients can be put off; <see cref="PipelineOptions.Schedule"/> says which can.
    /// </summary>
    /// <param name="profile">What the model costs, from <see cref="PipelineProfiler"/>.</param>
    /// <param name="options">What to choose from.</param>
    public static PlannerResult Plan(ModelProfile profile, PlannerOptions options) => PipelinePlanner.Search(
        profile, options, RunnableProgram.Reason);
}
