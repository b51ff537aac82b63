using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>
/// The smallest piece of a model's <c>forward</c> that can be placed: the statements between two cuts. Generated code derives
/// from it; a stage is a run of neighbouring segments.
/// </summary>
/// <remarks>
/// A segment owns nothing: it is no <c>nn.Module</c>, registers nothing and holds no tensors. The model is passed in.
/// </remarks>
/// <typeparam name="TModel">The model class.</typeparam>
public abstract class PipelineSegment<TModel>
    where TModel : torch.nn.Module
{
    /// <summary>A name for people: the members the segment uses, such as <c>stem, layer1</c>; empty where it uses none.</summary>
    public abstract string Name { get; }

    /// <summary>The stage the user pinned the segment to, counted from 0; null where the choice is open.</summary>
    public abstract int? PinnedStage { get; }

    /// <summary>The values the segment takes, in slot order.</summary>
    public abstract IReadOnlyList<BoundarySlot> Inputs { get; }

    /// <summary>The values the segment hands on, in slot order.</summary>
    public abstract IReadOnlyList<BoundarySlot> Outputs { get; }

    /// <summary>
    /// False where the value in input slot <paramref name="slot"/> merely passes through: the segment's statements never mention it.
    /// </summary>
    public abstract bool Uses(int slot);

    /// <summary>A new, empty boundary of the segment's output type.</summary>
    public abstract Boundary CreateOutput();

    /// <summary>Runs the segment's statements.</summary>
    /// <param name="model">The model whose members the statements use.</param>
    /// <param name="input">The boundary the segment before filled, or the bound inputs.</param>
    /// <param name="output">A boundary from <see cref="CreateOutput"/>, to be filled.</param>
    public abstract void Forward(TModel model, Boundary input, Boundary output);

    /// <summary>
    /// The pieces the segment can be divided into for this model, in order. A segment that runs the elements of a container (a loop over
    /// a <c>ModuleList</c>, a <c>Sequential</c>) without counts has one piece per element; any other segment is its only piece.
    /// </summary>
    public virtual IReadOnlyList<PipelineSegment<TModel>> Divide(TModel model) => [this];

    /// <summary>Lists the submodules, parameters and buffers that the segment's statements use.</summary>
    public abstract void CollectMembers(TModel model, SegmentMembers members);

    /// <summary>Whether it uses no member and belongs to no stage, so that it goes with a neighbour.</summary>
    internal bool IsFree(TModel model)
    {
        if (PinnedStage is not null) return false;
        var members = new SegmentMembers();
        CollectMembers(model, members);
        return members is { Modules.Count: 0, Parameters.Count: 0, Buffers.Count: 0 };
    }
}
