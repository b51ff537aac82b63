using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>A call of a <c>Sequential</c> whose elements are split over stages.</summary>
/// <param name="Member">The container.</param>
/// <param name="Range">Its stages.</param>
/// <param name="Counts">Elements per stage.</param>
/// <param name="Call">The whole call.</param>
/// <param name="Receiver">The container as the call names it.</param>
/// <param name="Argument">The input of the first element.</param>
/// <param name="Use">The use of the container.</param>
/// <param name="ResultType">The type of the result.</param>
internal sealed record SplitCall(
    ModelMember Member,
    StageRange Range,
    IReadOnlyList<int> Counts,
    InvocationExpressionSyntax Call,
    ExpressionSyntax Receiver,
    ExpressionSyntax Argument,
    MemberUse Use,
    ITypeSymbol ResultType);
