extern alias runtime;

using runtime::PipelineSdk.Partitioning;

namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>Plans as the runtime writes them.</summary>
internal static class PlanTexts
{
    /// <summary>A plan for a worker for each stage.</summary>
    /// <param name="model">The class name.</param>
    /// <param name="stages">The segments of each stage.</param>
    public static string Of(string model, params string[][] stages) => Of(model, 1, stages);

    /// <summary>The same with other costs.</summary>
    public static string Of(string model, double time, params string[][] stages)
    {
        var start = 0;
        return PlanFile.Format(new PipelinePlan(
            new ModelProfile(model, 4, [.. stages.SelectMany(stage => stage).Select(name => new SegmentCosts(name, time, time, time))]),
            "1F1B",
            8,
            [.. stages.Select((stage, worker) => new PlannedStage(worker, start, start += stage.Length))],
            new PlanPrediction(1, 0, [.. stages.Select(_ => 0L)])));
    }
}
