using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>The backward of one micro-batch through one stage: from gradients of what the stage handed on to gradients of what it received.</summary>
internal sealed class StageBackward
{
    private readonly List<Tensor> roots = [];
    private readonly List<Tensor> gradientsOfRoots = [];

    /// <summary>From the loss.</summary>
    /// <param name="state">What is kept of the micro-batch: the graph is released.</param>
    /// <param name="weight">What the loss weighs.</param>
    /// <returns>The gradients of what the stage received.</returns>
    public List<Tensor?> Run(MicroBatchState state, double weight)
    {
        if (state.Loss!.requires_grad) Add(state.Loss, state.Loss.detach().full_like(weight));
        foreach (var _ in state.Inputs) state.InputGradients.Add(null);
        return Run(state);
    }

    /// <summary>From gradients that were handed back.</summary>
    /// <param name="state">What is kept of the micro-batch: the graph is released.</param>
    /// <param name="gradients">Those of what the stage handed on. One that is handed back untouched is taken out of the list; the others stay the caller's.</param>
    /// <returns>The gradients of what the stage received.</returns>
    public List<Tensor?> Run(MicroBatchState state, List<Tensor?> gradients)
    {
        foreach (var _ in state.Inputs) state.InputGradients.Add(null);
        for (var i = 0; i < state.Outputs.Count; i++)
        {
            if (gradients[i] is not { } gradient) continue;
            var output = state.Outputs[i];
            if (output.PassesInput >= 0)
            {
                state.InputGradients[output.PassesInput] = gradient;
                gradients[i] = null;
            }
            else if (output.Tensor is not null)
            {
                Add(output.Tensor, SameDevice.Beside(gradient, output.Tensor));
            }
        }

        return Run(state);
    }

    private void Add(Tensor root, Tensor gradient)
    {
        roots.Add(root);
        gradientsOfRoots.Add(gradient);
    }

    private List<Tensor?> Run(MicroBatchState state)
    {
        try
        {
            if (roots.Count > 0) autograd.backward(roots, gradientsOfRoots);
            foreach (var call in state.Deferred) call.CloseInput();
        }
        catch
        {
            MicroBatchState.ReleaseAll(state.InputGradients);
            throw;
        }
        finally
        {
            roots.Clear();
            gradientsOfRoots.Clear();
        }

        for (var i = 0; i < state.Inputs.Count; i++)
        {
            if (state.InputGradients[i] is null && state.Inputs[i] is { requires_grad: true } leaf)
                state.InputGradients[i] = leaf.grad?.DetachFromDisposeScope();
        }

        state.ReleaseGraph();
        return state.InputGradients;
    }
}
