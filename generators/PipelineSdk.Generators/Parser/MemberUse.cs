using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>A place in <c>forward</c> where a member of the model is used.</summary>
/// <param name="Member">The member.</param>
/// <param name="Node">The name, with <c>this.</c> where written; for a use through a helper, the helper's name.</param>
/// <param name="Anchor">The expression whose evaluation uses it: for <c>head</c> in <c>head.forward(x)</c> the whole call.</param>
/// <param name="Helper">The helper method or property that uses it, or null.</param>
/// <param name="Element">The constant index of the element that is used, from the end where negative; null for the member itself.</param>
internal sealed record MemberUse(ModelMember Member, SyntaxNode Node, SyntaxNode Anchor, string? Helper, int? Element = null);
