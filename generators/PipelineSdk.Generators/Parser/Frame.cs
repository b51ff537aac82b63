using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>
/// A block, or the rest of one from a using declaration on, that may span cuts: every segment in it opens it anew.
/// </summary>
/// <param name="Node">The block or the statement.</param>
/// <param name="Open">What opens it.</param>
/// <param name="IsBlock">Whether braces follow; a using declaration has none.</param>
/// <param name="Scope">The name of the dispose scope it opens, or null.</param>
internal sealed record Frame(SyntaxNode Node, StatementModel Open, bool IsBlock, string? Scope);
