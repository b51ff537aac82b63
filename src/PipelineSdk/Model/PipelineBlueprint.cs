using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>What the compiler knows of a cut model: its segments in order, and how its inputs and result look.</summary>
/// <typeparam name="TModel">The model class.</typeparam>
public abstract class PipelineBlueprint<TModel>
    where TModel : torch.nn.Module
{
    /// <summary>The model's class name, as users know it.</summary>
    public abstract string ModelName { get; }

    /// <summary>
    /// The segments, in the order in which <c>forward</c> runs them. At least one. How many pieces they come to may depend on the
    /// model: see <see cref="SegmentsOf"/>.
    /// </summary>
    public abstract IReadOnlyList<PipelineSegment<TModel>> Segments { get; }

    /// <summary>What <c>[Pipeline(...)]</c>, or else a plan given to the build, says of schedule, workers and micro-batches; it applies where
    /// <see cref="PipelineOptions"/> leaves them unset.</summary>
    public virtual PipelineDefaults Defaults => PipelineDefaults.None;

    /// <summary>The cuts between the segments, in order, with what each carries: narrow ones are good places for a stage to end.</summary>
    public IReadOnlyList<PipelineCut> Cuts =>
        [.. Segments.Zip(Segments.Skip(1), static (before, after) => new PipelineCut(before.Name, after.Name, before.Outputs))];

    /// <summary>The segments as a given model has them, each divided as far as it can be: what is placed in stages.</summary>
    public IReadOnlyList<PipelineSegment<TModel>> SegmentsOf(TModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. Segments.SelectMany(segment => segment.Divide(model))];
    }

    /// <summary>
    /// The smallest stages there can be: the segments pinned to one stage, or a single segment that is not pinned. Segments that use no
    /// member of the model are no stages of their own: they go with the one before, at the beginning with the one after.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<PipelineSegment<TModel>>> PiecesOf(TModel model)
    {
        var segments = SegmentsOf(model);
        return SegmentRuns.Split(segments, SegmentRuns.Ends(SegmentRuns.Of(model, segments)));
    }

    /// <summary>
    /// The parameters of <c>forward</c>, in order, tuples and objects as one slot per part; the slots of the boundary that
    /// <see cref="BindInputs"/> returns.
    /// </summary>
    public abstract IReadOnlyList<BoundarySlot> Inputs { get; }

    /// <summary>Puts the arguments of one call into the boundary that the first segment takes.</summary>
    /// <exception cref="ArgumentException">The arguments do not fit the parameters of <c>forward</c>, in number or in type.</exception>
    /// <exception cref="InvalidOperationException">An argument can't be taken apart: its type is derived from that of the parameter.</exception>
    public abstract Boundary BindInputs(ModelInputs inputs);

    /// <summary>Reads the result of <c>forward</c> out of the boundary that the last segment filled.</summary>
    public abstract object? GetResult(Boundary output);
}
