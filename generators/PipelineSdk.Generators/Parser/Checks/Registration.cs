using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Recognises the calls with which a module of TorchSharp makes its parts known.</summary>
internal static class Registration
{
    /// <summary>A call of <c>RegisterComponents()</c>, which registers the modules and tensors that fields hold at that moment.</summary>
    public static bool IsOfAll(SyntaxNode node)
        => node is InvocationExpressionSyntax { ArgumentList.Arguments.Count: 0 } call && NameOf(call) == "RegisterComponents";

    /// <summary>A call of <c>register_module</c> or one of its siblings, on this object.</summary>
    public static bool IsOfOne(SyntaxNode node) => node is InvocationExpressionSyntax call
        && NameOf(call) is "register_module" or "add_module" or "register_parameter" or "register_buffer";

    private static string? NameOf(InvocationExpressionSyntax call) => call.Expression switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText,
        MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax or BaseExpressionSyntax } access => access.Name.Identifier.ValueText,
        _ => null,
    };
}
