namespace PipelineSdk.Package.Tests.Harness;

/// <summary>The tests of one run share one feed, and run one after another: each of them starts a build.</summary>
[CollectionDefinition(Name)]
public sealed class PackedFeedGroup : ICollectionFixture<PackedFeed>
{
    internal const string Name = "packed";
}
