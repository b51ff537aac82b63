using PipelineSdk.CodeFixes.Editing;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>The repair of one diagnostic.</summary>
/// <param name="Title">What the editor's menu shows.</param>
/// <param name="Edit">What it changes.</param>
internal sealed record Repair(string Title, SolutionEdit Edit);
