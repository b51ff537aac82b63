using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace PipelineSdk.Generators.Parser;

/// <summary>Names of C# constructs for messages.</summary>
internal static class Kinds
{
    public static string Describe(SyntaxNode node) => node switch
    {
        IfStatementSyntax => "an if statement",
        ForStatementSyntax => "a for loop",
        CommonForEachStatementSyntax => "a foreach loop",
        WhileStatementSyntax or DoStatementSyntax => "a while loop",
        SwitchStatementSyntax => "a switch statement",
        TryStatementSyntax => "a try statement",
        UsingStatementSyntax => "a using block",
        LocalDeclarationStatementSyntax => "a using declaration",
        LockStatementSyntax => "a lock statement",
        BlockSyntax => "a block",
        CheckedStatementSyntax => "a checked block",
        ConditionalExpressionSyntax => "a conditional expression",
        ConditionalAccessExpressionSyntax => "a conditional access",
        SwitchExpressionSyntax => "a switch expression",
        BinaryExpressionSyntax => "an operator that may skip its right side",
        LambdaExpressionSyntax => "a lambda",
        _ => "a statement of this form",
    };
}
