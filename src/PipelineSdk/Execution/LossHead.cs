using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// The loss behind a last stage whose forward is run again. Its graph begins at the model's result and is kept, as if it were a stage of its
/// own: so the loss function is called once for every micro-batch, and what it counts besides the loss it counts once.
/// </summary>
internal sealed class LossHead<TModel>
    where TModel : nn.Module
{
    private readonly List<MicroBatchState> states = [];
    private readonly BoundaryReceiver receiver = new();
    private readonly LeafGuard<TModel> guard = new();

    /// <summary>Makes room for a step's micro-batches.</summary>
    public void Prepare(int microBatches)
    {
        while (states.Count < microBatches) states.Add(new MicroBatchState());
    }

    /// <summary>Computes the loss from what the stage handed on, and keeps its graph.</summary>
    /// <param name="microBatch">The micro-batch.</param>
    /// <param name="result">The model's result, handed over; emptied.</param>
    /// <param name="loss">The loss function.</param>
    /// <param name="scope">The action's scope.</param>
    /// <returns>The loss as a number.</returns>
    public double Forward(int microBatch, Boundary result, Func<Boundary, int, Tensor> loss, ActionScope scope)
    {
        var state = states[microBatch];
        receiver.Receive(result, state);
        try
        {
            guard.Protect(null, result, state.Inputs);
            var computed = loss(result, microBatch);
            var value = LossTensor.ValueOf(computed);
            state.Loss = LossTensor.Keep(computed, scope);
            return value;
        }
        finally
        {
            result.Clear();
        }
    }

    /// <summary>The gradients of the model's result, for the stage to take over.</summary>
    /// <param name="scope">The thread's scope.</param>
    /// <param name="microBatch">The micro-batch.</param>
    /// <param name="weight">What its loss weighs.</param>
    public List<Tensor?> Backward(ActionScope scope, int microBatch, double weight)
    {
        var state = states[microBatch];
        using var action = scope.Begin();
        if (state.Loss!.requires_grad) autograd.backward(state.Loss, state.Loss.detach().full_like(weight));
        foreach (var input in state.Inputs)
            state.InputGradients.Add(input is { requires_grad: true } leaf ? leaf.grad?.DetachFromDisposeScope() : null);
        state.Release();
        return state.InputGradients;
    }

    /// <summary>Disposes what is kept of a step that was given up.</summary>
    public void Release()
    {
        foreach (var state in states) state.Release();
    }
}
