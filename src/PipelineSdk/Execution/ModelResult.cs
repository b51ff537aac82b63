using PipelineSdk.Model;
using TorchSharp;

namespace PipelineSdk.Execution;

/// <summary>Reads the result of <c>forward</c> as the type that a caller names.</summary>
internal static class ModelResult
{
    /// <exception cref="NotSupportedException">The result has another type.</exception>
    public static TResult As<TModel, TResult>(PipelineBlueprint<TModel> blueprint, Boundary output)
        where TModel : torch.nn.Module
        => blueprint.GetResult(output) switch
        {
            TResult result => result,
            null when default(TResult) is null => default!,
            var other => throw new NotSupportedException(
                $"{blueprint.ModelName}.forward returned {(other is null ? "null" : TypeName.Of(other.GetType()))}, not "
                + $"{TypeName.Of(typeof(TResult))}: name the type of its result, as in Forward<(Tensor, Tensor)>(...)."),
        };
}
