namespace PipelineSdk.OpenTelemetry;

/// <summary>What a report says besides its figures.</summary>
public sealed class ReportOptions
{
    /// <summary>The heading; by default the pipeline's name.</summary>
    public string? Title { get; set; }

    /// <summary>A line below the heading, such as what was trained on; none by default.</summary>
    public string? Note { get; set; }
}
