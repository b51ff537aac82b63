using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Puts a detached tensor in the place of every computed one, and notes where its gradient goes.</summary>
internal sealed class BoundarySender : ITensorVisitor
{
    private readonly List<(Tensor Computed, Tensor Handed)> handed = [];
    private MicroBatchState state = null!;
    private ActionScope scope = null!;
    private bool detaches;
    private bool wantsGradients;
    private bool notesRoutes;
    private long bytes;

    /// <summary>Makes a filled boundary the receiver's.</summary>
    /// <param name="boundary">The boundary.</param>
    /// <param name="microBatch">Takes note of the graph.</param>
    /// <param name="actionScope">The action's scope.</param>
    /// <param name="wantsGradient">Whether gradients come back.</param>
    /// <param name="keepGraph">Whether the graph is kept for them, or made again later.</param>
    /// <returns>Bytes of tensors handed on.</returns>
    public long Send(Boundary boundary, MicroBatchState microBatch, ActionScope actionScope, bool wantsGradient, bool keepGraph)
    {
        (detaches, wantsGradients, notesRoutes) = (true, wantsGradient, keepGraph);
        return Visit(boundary, microBatch, actionScope);
    }

    /// <summary>Notes the graph of what was computed once more and is not handed on again.</summary>
    public void Note(Boundary boundary, MicroBatchState microBatch, ActionScope actionScope)
    {
        (detaches, wantsGradients, notesRoutes) = (false, true, true);
        Visit(boundary, microBatch, actionScope);
    }

    public void Visit(int slot, ref Tensor? tensor)
    {
        var computed = tensor;
        if (computed is null)
        {
            NoteRoute(StageOutput.None);
            return;
        }

        foreach (var (known, copy) in handed)
        {
            if (!ReferenceEquals(known, computed)) continue;
            tensor = copy;
            NoteRoute(StageOutput.None);
            return;
        }

        var wantsGradient = wantsGradients && computed.requires_grad;
        if (detaches)
        {
            var detached = computed.detach().DetachFromDisposeScope();
            handed.Add((computed, detached));
            tensor = detached;
            if (wantsGradient) detached.requires_grad_();
            bytes += ByteCount.Of(detached);
        }
        else
        {
            handed.Add((computed, computed));
        }

        if (notesRoutes) NoteRoute(wantsGradient ? Route(computed) : StageOutput.None);
    }

    private long Visit(Boundary boundary, MicroBatchState microBatch, ActionScope actionScope)
    {
        (state, scope, bytes) = (microBatch, actionScope, 0);
        try
        {
            boundary.VisitTensors(this);
            return bytes;
        }
        catch
        {
            // A value that can't be taken apart shows only here; what was made for the receiver so far has none.
            if (detaches) handed.ForEach(static pair => pair.Handed.Dispose());
            boundary.Clear();
            throw;
        }
        finally
        {
            handed.Clear();
        }
    }

    private void NoteRoute(StageOutput route)
    {
        if (notesRoutes) state.Outputs.Add(route);
    }

    private StageOutput Route(Tensor computed)
    {
        var input = SameTensor.IndexIn(state.Inputs, computed);
        if (input >= 0) return new StageOutput(null, false, input);
        var owned = scope.Contains(computed);
        if (owned) computed.DetachFromDisposeScope();
        return new StageOutput(computed, owned, -1);
    }
}
