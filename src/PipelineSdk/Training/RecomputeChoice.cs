namespace PipelineSdk.Training;

/// <summary>What the options say about recompute, stage by stage.</summary>
internal static class RecomputeChoice
{
    /// <summary>The mode of every stage.</summary>
    /// <exception cref="ArgumentException">The options name a stage that does not exist.</exception>
    public static IReadOnlyList<ActivationRecompute> Of(PipelineOptions options, string pipeline, IReadOnlyList<string> stageNames)
    {
        foreach (var stage in options.RecomputeOfStage.Keys)
        {
            if (stage >= 0 && stage < stageNames.Count) continue;
            throw new ArgumentException(
                $"PipelineOptions.RecomputeOfStage names stage {stage}, but pipeline '{pipeline}' has stages 0 to {stageNames.Count - 1} "
                + $"({string.Join(" | ", stageNames)}).");
        }

        return [.. stageNames.Select((_, stage) => options.RecomputeOfStage.TryGetValue(stage, out var own) ? own : options.Recompute)];
    }

    /// <summary>Whether the forward of a micro-batch, one of <paramref name="count"/>, is run again.</summary>
    public static bool Covers(this ActivationRecompute recompute, int microBatch, int count) => recompute switch
    {
        ActivationRecompute.Always => true,
        ActivationRecompute.ExceptLastMicroBatch => microBatch < count - 1,
        _ => false,
    };
}
