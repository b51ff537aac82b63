using Microsoft.CodeAnalysis;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>One way to repair what a diagnostic reports.</summary>
/// <param name="summary">What it does, wherever it is applied: the title where it repairs many places, and what tells it from others.</param>
internal abstract class Remedy(string summary)
{
    public string Summary { get; } = summary;

    /// <summary>The repair of one diagnostic; null where it can't be made without asking.</summary>
    public abstract Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation);
}
