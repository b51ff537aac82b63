using PipelineSdk.Corpus.Tests.Models;

namespace PipelineSdk.Corpus.Tests;

/// <summary>The corpus stays large, and no model lies in it unused.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void At_least_forty_models_are_trained()
        => Assert.True(CorpusSources.In(CorpusSources.Supported).Count >= 40);

    [Fact]
    public void Every_supported_file_has_a_sample_of_its_name_and_every_sample_a_file()
    {
        var files = CorpusSources.In(CorpusSources.Supported);
        Assert.All(files, file => Assert.Contains(file, Samples.All.Keys));
        Assert.All(Samples.All.Keys, sample => Assert.Contains(files, file => sample.StartsWith(file, StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_refused_file_is_tried()
        => Assert.Equal(
            CorpusSources.In(CorpusSources.Refused).Count + CorpusSources.In(CorpusSources.Pending).Count, DiagnosticTests.Rows().Count);
}
