using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Tests.Incremental;

/// <summary>Why each step of the generator ran, and whether its outputs were written again.</summary>
internal sealed record RunReasons(
    IncrementalStepRunReason Parsed, IncrementalStepRunReason Model, IncrementalStepRunReason Forward, IncrementalStepRunReason Diagnostics, string Outputs)
{
    public static RunReasons Of(GeneratorDriver driver)
    {
        var result = driver.GetRunResult().Results.Single();
        return new RunReasons(
            Step(TrackingNames.Parsed),
            Step(TrackingNames.Model),
            Step(TrackingNames.Forward),
            Step(TrackingNames.Diagnostics),
            string.Join(' ', result.TrackedOutputSteps.Single().Value
                .SelectMany(step => step.Outputs).Select(output => output.Reason).Distinct().Order()));

        IncrementalStepRunReason Step(string name)
            => result.TrackedSteps[name].SelectMany(step => step.Outputs).Select(output => output.Reason).Min();
    }
}
