namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Tests that listen, or that need nobody to listen: listeners hear the whole process, so these run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SpanTests
{
    public const string Name = "Spans";
}
