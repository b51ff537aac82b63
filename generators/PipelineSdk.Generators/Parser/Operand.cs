using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>A part of an expression that is evaluated before the expression itself.</summary>
/// <param name="Expression">The part.</param>
/// <param name="IsConditional">Whether it may not be evaluated at all.</param>
/// <param name="IsTarget">Whether it is a place that is written or passed by reference, not a value.</param>
internal readonly record struct Operand(ExpressionSyntax Expression, bool IsConditional = false, bool IsTarget = false);
