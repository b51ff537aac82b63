using PipelineSdk.Model;

namespace PipelineSdk.Generators.Model;

/// <summary>How a class is cut, without any position in its source: an edit elsewhere in the file leaves it equal.</summary>
/// <param name="Type">The user's class.</param>
/// <param name="PartsName">The nested class that holds all generated types.</param>
/// <param name="Parameters">The parameters of <c>forward</c>.</param>
/// <param name="Boundaries">One more than there are segments: the inputs, the cuts, the result.</param>
/// <param name="Segments">The segments, in order; none if the class can't be cut and only a placeholder is emitted.</param>
/// <param name="Result">The expression that reads the result from the boundary <c>filled</c>.</param>
/// <param name="ResultType">The type of the result, fully qualified.</param>
/// <param name="ResultStores">The assignments that put the local <c>result</c> into the boundary <c>filled</c>.</param>
internal sealed record PipelineModel(
    TypeModel Type,
    string PartsName,
    EquatableArray<ParameterModel> Parameters,
    EquatableArray<BoundaryModel> Boundaries,
    EquatableArray<SegmentModel> Segments,
    string Result,
    string ResultType,
    EquatableArray<string> ResultStores)
{
    /// <summary>What the arguments of <c>[Pipeline]</c> say, right or wrong.</summary>
    public PipelineDefaults Defaults { get; init; } = PipelineDefaults.None;
}
