using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>
/// A segment that runs a range of the elements of one or more containers: of a loop over them, of a <c>Sequential</c> that is called, or of a
/// model that is itself a pipeline. Between two ranges lives what lives before the first.
/// </summary>
/// <typeparam name="TModel">The model class.</typeparam>
public abstract class RangeSegment<TModel> : PipelineSegment<TModel>
    where TModel : torch.nn.Module
{
    /// <param name="start">The first element, counted from 0.</param>
    /// <param name="end">The first element that is left out; <see cref="int.MaxValue"/> for all that follow.</param>
    /// <param name="isLast">Whether the elements end with this range.</param>
    /// <param name="pinnedStage">The stage the user gave the range, or null.</param>
    protected RangeSegment(int start, int end, bool isLast, int? pinnedStage)
        => (Start, End, IsLast, PinnedStage) = (start, end, isLast, pinnedStage);

    /// <inheritdoc/>
    public override string Name => RangeName.Of(Containers, Start, End);

    /// <inheritdoc/>
    public sealed override int? PinnedStage { get; }

    /// <summary>The first element, counted from 0.</summary>
    public int Start { get; }

    /// <summary>The first element that is left out; <see cref="int.MaxValue"/> for all that follow.</summary>
    public int End { get; }

    /// <summary>Whether the elements end with this range, so that what comes after them is alive in the output.</summary>
    public bool IsLast { get; }

    /// <summary>The members whose elements are run.</summary>
    protected abstract IReadOnlyList<string> Containers { get; }

    /// <summary>Where loops end: <see cref="End"/>, but the last range leaves the end to the user's own condition.</summary>
    protected int Bound => IsLast ? int.MaxValue : End;

    /// <summary>One range per element; called by generated code.</summary>
    /// <param name="count">How many elements there are.</param>
    /// <param name="range">Makes the range from start and end; the last argument says whether it is the last.</param>
    protected IReadOnlyList<PipelineSegment<TModel>> Divide(int count, Func<int, int, bool, PipelineSegment<TModel>> range)
    {
        ArgumentNullException.ThrowIfNull(range);
        return count < 2 ? [this] : [.. Enumerable.Range(0, count).Select(i => range(i, i + 1, i == count - 1))];
    }
}
