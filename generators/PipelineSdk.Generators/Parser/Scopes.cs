using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>
/// Recognises the using declarations and blocks of <c>forward</c> that every segment can open for itself: dispose scopes, and what sets
/// the thread's grad mode. Both belong to a thread, so that each stage needs its own anyway.
/// </summary>
internal sealed class Scopes(SemanticModel semantics, VariableTable variables, UserText text)
{
    /// <summary><c>using var scope = NewDisposeScope();</c>, and null for others.</summary>
    public Frame? Of(LocalDeclarationStatementSyntax statement)
    {
        if (statement.UsingKeyword.IsKind(SyntaxKind.None) || statement.Declaration.Variables is not [{ Initializer.Value: { } value } variable]
            || !IsPerThread(value))
        {
            return null;
        }

        return new Frame(
            statement, new StatementModel("", text.Read(statement.Span), "", text.Locate(statement.Span)), false, ScopeName(value, variable.Identifier.Text));
    }

    /// <summary><c>using (var scope = NewDisposeScope())</c>, <c>using (no_grad())</c>, a block; null for others.</summary>
    public Frame? Of(StatementSyntax statement)
    {
        switch (statement)
        {
            case BlockSyntax:
                return new Frame(statement, StatementModel.Generated("{"), true, null);
            case CheckedStatementSyntax check:
                return new Frame(statement, StatementModel.Generated(check.Keyword.Text), true, null);
            case UsingStatementSyntax { Expression: { } value } block when IsPerThread(value):
                var name = TypeNames.Escape(variables.Unique("disposeScope"));
                var scope = ScopeName(value, name);
                return Using(block, value, scope is null ? "using (" : $"using (var {name} = ", scope);
            case UsingStatementSyntax { Declaration.Variables: [{ Initializer.Value: { } value } variable] } block when IsPerThread(value):
                return Using(block, block.Declaration!, "using (", ScopeName(value, variable.Identifier.Text));
            default:
                return null;
        }
    }

    private Frame Using(UsingStatementSyntax block, SyntaxNode resource, string prefix, string? scope)
        => new(block, new StatementModel(prefix, text.Read(resource.Span), ")", text.Locate(resource.Span)), true, scope);

    private bool IsPerThread(ExpressionSyntax value)
        => value is InvocationExpressionSyntax call
            && semantics.GetSymbolInfo(call).Symbol is IMethodSymbol { IsStatic: true } method && TorchTypes.IsTorchSharp(method.ContainingType)
            && method.Name is "NewDisposeScope" or "no_grad" or "enable_grad" or "inference_mode" or "set_grad_enabled"
            && call.ArgumentList.Arguments.All(argument => semantics.GetConstantValue(argument.Expression).HasValue);

    private string? ScopeName(ExpressionSyntax value, string name)
        => TorchTypes.IsDisposeScope(semantics.GetTypeInfo(value).Type) ? name : null;
}
