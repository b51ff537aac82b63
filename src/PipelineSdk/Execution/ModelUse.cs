using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// Who runs a model at the moment, over all pipelines of the process. Several may be built on one model and take turns; but while one trains it, none may run
/// it besides: two would add to the same gradients at once, and change the same running statistics. Forwards may run beside forwards.
/// </summary>
internal sealed class ModelUse
{
    private static readonly ConditionalWeakTable<nn.Module, ModelUse> Uses = [];

    private readonly object gate = new();
    private string? trainer;
    private string? reader;
    private int readers;

    public static ModelUse Of(nn.Module model) => Uses.GetOrCreateValue(model);

    /// <exception cref="InvalidOperationException">Another pipeline runs it.</exception>
    public void Begin(string pipeline, string modelName, bool train)
    {
        lock (gate)
        {
            if (trainer is not null || (train && readers > 0))
            {
                throw new InvalidOperationException(
                    $"{modelName} is in a step of another pipeline ('{trainer ?? reader}') at this moment: while one trains it, it can't run in another. Wait for the step, or "
                    + $"give pipeline '{pipeline}' a model of its own.");
            }

            if (train) trainer = pipeline;
            else (reader, readers) = (pipeline, readers + 1);
        }
    }

    public void End(bool train)
    {
        lock (gate)
        {
            if (train) trainer = null;
            else readers--;
        }
    }
}
