using PipelineSdk.Checkpoints;

namespace PipelineSdk;

// What checkpoints keep of a pipeline.
internal sealed partial class Pipeline<TModel>
{
    /// <summary>How far the pipeline has come; where it goes on from. Only between steps.</summary>
    internal PipelineProgress Progress
    {
        get => new(engine.Steps, engine.Random.Seed, [.. engine.Random.Steps]);
        set
        {
            engine.Steps = value.Steps;
            engine.Random.GoOnFrom(value.Seed, value.RandomSteps);
        }
    }

    /// <summary>Does something between two steps, on the calling thread: no step begins meanwhile.</summary>
    /// <exception cref="InvalidOperationException">A step is running.</exception>
    internal void Between(Action act)
    {
        using var turn = Enter(train: true);
        act();
    }

    /// <exception cref="InvalidOperationException">Gradients of earlier steps wait for the optimizers to step.</exception>
    internal void RequireNoAccumulation()
    {
        if (engine.Optimizers is { Accumulated: > 0 and var accumulated })
        {
            throw new InvalidOperationException(
                $"Pipeline '{name}' has accumulated the gradients of {accumulated} of {options.AccumulationSteps} steps, and a checkpoint keeps no gradients. Save and load after a "
                + "step that has changed the weights (StepResult.WeightsChanged).");
        }
    }

    internal CheckpointInfo Describe(string? optimizer, IReadOnlyDictionary<string, string> notes) => new()
    {
        Model = blueprint.ModelName,
        Step = engine.Steps,
        Seed = engine.Random.Seed,
        Schedule = options.Schedule.Name,
        Workers = engine.Programs.Workers,
        MicroBatches = options.MicroBatchSize is null ? options.MicroBatches : 0,
        Stages = StageNames,
        Optimizer = optimizer,
        Notes = notes,
    };
}
