using System.Runtime.ExceptionServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// One call of a layer whose weight gradients are put off. The layer's own piece of graph, from its input and its parameters to its output, is
/// cut out of the stage's: the stage's backward goes through it to the input alone, and the rest is run later.
/// </summary>
/// <remarks>
/// Both ways run libtorch's own backward of the layer, and that leaves out what is not asked for: nothing is computed twice, and the gradients
/// are those of an uncut graph bit for bit.
/// </remarks>
internal sealed class DeferredCall : IDisposable
{
    private readonly IReadOnlyList<Parameter> parameters;
    private readonly Tensor root;
    private Tensor? leaf;
    private Tensor? outputGradient;
    private Tensor? inputGradient;
    private Exception? failure;

    /// <param name="leaf">What the layer received, cut off from the stage's graph; null where no gradient of it is wanted.</param>
    /// <param name="output">What the layer computed from it.</param>
    /// <param name="parameters">The layer's parameters.</param>
    public DeferredCall(Tensor? leaf, Tensor output, IReadOnlyList<Parameter> parameters)
    {
        this.leaf = leaf;
        this.parameters = parameters;
        root = DeferredRoot.apply(output, this).DetachFromDisposeScope();
    }

    /// <summary>Runs the input's half of the layer's backward; called by libtorch within the stage's backward.</summary>
    /// <returns>The gradient of what the layer received; null where none is wanted.</returns>
    public Tensor? BackwardToInput(Tensor? gradient)
    {
        if (gradient is null || gradient.IsInvalid) return null;
        try
        {
            outputGradient = gradient.DetachFromDisposeScope();
            if (leaf is null) return null;
            autograd.backward([root], retain_graph: true, inputs: [leaf]);
            return inputGradient = leaf.grad?.DetachFromDisposeScope();
        }
#pragma warning disable CA1031 // An exception must not cross libtorch's frames: it would end the process.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            failure = exception;
            return null;
        }
    }

    /// <summary>The gradient of the layer's output, once the stage's backward has brought it.</summary>
    public Tensor? OutputGradient => outputGradient;

    /// <summary>Ends the input's half, after the stage's backward, and throws what it failed with.</summary>
    public void CloseInput()
    {
        // The piece of graph keeps the leaf, and the leaf its gradient, which has been handed on.
        if (leaf is not null) leaf.grad = null;
        leaf?.Dispose();
        leaf = null;
        inputGradient?.Dispose();
        inputGradient = null;
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Runs the other half of calls of one micro-batch: adds the gradients of their parameters.</summary>
    /// <remarks>In one backward, so that the gradients of a layer that is called twice add up as in an uncut graph.</remarks>
    public static void BackwardToParameters(IReadOnlyList<DeferredCall> calls)
    {
        var reached = calls.Where(call => call.outputGradient is not null).ToList();
        Tensor[] wanted = [.. reached.SelectMany(call => call.parameters).Where(parameter => parameter.requires_grad).Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>()];
        if (wanted.Length > 0) autograd.backward([.. reached.Select(call => call.root)], inputs: wanted);
    }

    public void Dispose()
    {
        leaf?.Dispose();
        root.Dispose();
        outputGradient?.Dispose();
        inputGradient?.Dispose();
    }
}
