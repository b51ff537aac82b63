namespace PipelineSdk;

/// <summary>
/// Says that parameters of a model are one weight under several names, as the table of embeddings and the output layer of many language models
/// are: <c>[TiedWeights("decoder.weight", "encoder.weight")]</c>. They may then be used by different stages.
/// </summary>
/// <remarks>
/// <para>Each name has a <c>Parameter</c> of its own over the same values, so that every stage adds to a gradient of its own. The model's constructor
/// makes it: <c>decoder.weight = new Parameter(encoder.weight.detach());</c>. Whether they are one weight is checked when a pipeline is built.</para>
/// <para>After a training step the gradient of the whole weight stands in the first name's parameter; the others have none, so that an optimizer over
/// <c>parameters()</c> updates the weight once. It is summed in the order of the names, whatever the stages, workers and schedule.</para>
/// <para>Names are those of <c>state_dict</c>, counted from the class that carries the attribute.</para>
/// </remarks>
/// <param name="names">Two names at least; the first is where the gradient stands after a step.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class TiedWeightsAttribute(params string[] names) : Attribute
{
    /// <summary>The names, in the order in which gradients are summed.</summary>
    public IReadOnlyList<string> Names { get; } = names;
}
