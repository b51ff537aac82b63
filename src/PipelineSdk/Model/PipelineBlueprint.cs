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

    /// <summary>The segments as a given model has them, each divided as far as it can be: what is placed in stages.</summary>
    public IReadOnlyList<PipelineSegment<TModel>> SegmentsOf(TModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return [.. Segments.SelectMany(segment => segment.Divide(model))];
    }

    /// <summary>The parameters of <c>forward</c>, in order; the slots of the boundary that <see cref="BindInputs"/> returns.</summary>
    public abstract IReadOnlyList<BoundarySlot> Inputs { get; }

    /// <summary>Puts the arguments of one call into the boundary that the first segment takes.</summary>
    /// <exception cref="ArgumentException">The arguments do not fit the parameters of <c>forward</c>, in number or in type.</exception>
    public abstract Boundary BindInputs(ModelInputs inputs);

    /// <summary>Reads the result of <c>forward</c> out of the boundary that the last segment filled.</summary>
    public abstract object? GetResult(Boundary output);
}
