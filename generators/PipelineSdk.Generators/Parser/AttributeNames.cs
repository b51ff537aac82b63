namespace PipelineSdk.Generators.Parser;

/// <summary>Metadata names of the attributes that users write.</summary>
internal static class AttributeNames
{
    public const string Pipeline = "PipelineSdk.PipelineAttribute";

    public const string PipelineStage = "PipelineSdk.PipelineStageAttribute";

    public const string PipelineStages = "PipelineSdk.PipelineStagesAttribute";

    public const string TiedWeights = "PipelineSdk.TiedWeightsAttribute";
}
