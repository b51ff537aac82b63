using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// What a stage keeps of one micro-batch between its forward and its backward. Lists count a boundary's tensors in the order in
/// which it shows them. Used again in every step.
/// </summary>
internal sealed class MicroBatchState
{
    /// <summary>The received tensors; null for null and for a tensor already received under an earlier number.</summary>
    public List<Tensor?> Inputs { get; } = [];

    /// <summary>
    /// The gradients of <see cref="Inputs"/>, null where none is wanted or there is none. Once handed back they are the receiver's, list
    /// and all, until it has emptied the list.
    /// </summary>
    public List<Tensor?> InputGradients { get; } = [];

    /// <summary>The computed tensors whose graph the backward starts from; null where there is no graph.</summary>
    public List<StageOutput> Outputs { get; } = [];

    /// <summary>The loss, on the last stage.</summary>
    public Tensor? Loss { get; set; }

    /// <summary>Calls of layers whose weight gradients are put off until the weight gradient's own action.</summary>
    public List<DeferredCall> Deferred { get; } = [];

    /// <summary>What the stage received, where its forward is to be run again.</summary>
    public ReceivedValues Received { get; } = new();

    /// <summary>Whether it holds activations.</summary>
    public bool IsHeld => Received.IsHeld || Inputs.Count + Outputs.Count + Deferred.Count > 0 || Loss is not null;

    /// <summary>Disposes all it holds, but for <see cref="InputGradients"/>.</summary>
    public void Release()
    {
        ReleaseGraph();
        foreach (var call in Deferred) call.Dispose();
        Deferred.Clear();
    }

    /// <summary>Disposes what the input gradient needed: all but <see cref="Deferred"/> and <see cref="InputGradients"/>.</summary>
    public void ReleaseGraph()
    {
        foreach (var output in Outputs)
        {
            if (output.Owned) output.Tensor?.Dispose();
        }

        Outputs.Clear();
        Received.Release();
        ReleaseAll(Inputs);
        Loss?.Dispose();
        Loss = null;
    }

    /// <summary>Disposes and forgets every tensor of a list.</summary>
    public static void ReleaseAll(List<Tensor?> tensors)
    {
        foreach (var tensor in tensors) tensor?.Dispose();
        tensors.Clear();
    }
}
