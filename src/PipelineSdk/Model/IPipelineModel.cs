using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>A model that the source generator has cut. Implemented by generated code on the user's own class.</summary>
/// <typeparam name="TSelf">The model class.</typeparam>
public interface IPipelineModel<TSelf>
    where TSelf : torch.nn.Module, IPipelineModel<TSelf>
{
    /// <summary>How the model's <c>forward</c> is cut: its segments in order and the values that cross from one to the next.</summary>
    static abstract PipelineBlueprint<TSelf> Blueprint { get; }
}
