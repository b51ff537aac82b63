using PipelineSdk.Diagnostics;
using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>What an evaluation yields. Owns <see cref="Outputs"/>.</summary>
public sealed class EvaluationResult : IDisposable
{
    internal EvaluationResult(double loss, long samples, Tensor outputs, StepTimeline timeline)
    {
        Loss = loss;
        Samples = samples;
        Outputs = outputs;
        Timeline = timeline;
    }

    /// <summary>The loss over the whole batch, reduced as the loss function reduces.</summary>
    public double Loss { get; }

    /// <summary>Samples in the batch.</summary>
    public long Samples { get; }

    /// <summary>The model's outputs, of shape <c>[batch, ...]</c>, in the order of the inputs.</summary>
    public Tensor Outputs { get; }

    /// <summary>What every worker did, and when.</summary>
    public StepTimeline Timeline { get; }

    /// <summary>Over how many elements the loss is the mean; null where it is a sum.</summary>
    internal double? MeanOver { get; init; }

    /// <summary>Disposes <see cref="Outputs"/>.</summary>
    public void Dispose() => Outputs.Dispose();
}
