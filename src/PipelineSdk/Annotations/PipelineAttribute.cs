namespace PipelineSdk;

/// <summary>
/// Marks a <c>partial</c> class deriving from <c>TorchSharp.torch.nn.Module&lt;...&gt;</c> to be cut into pipeline stages at
/// compile time.
/// </summary>
/// <remarks>
/// The source generator reads the class's <c>forward</c>, cuts it where <see cref="PipelineStageAttribute"/> and
/// <see cref="PipelineStagesAttribute"/> say, and implements <see cref="Model.IPipelineModel{TSelf}"/> in the other part of
/// the class. The constructor, <c>forward</c>, the registered names and <c>state_dict</c> stay as they are.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PipelineAttribute : Attribute;
