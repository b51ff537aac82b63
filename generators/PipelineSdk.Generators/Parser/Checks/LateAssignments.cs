using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser.Checks;

/// <summary>Finds layers and parameters that a constructor assigns after <c>RegisterComponents()</c>, when TorchSharp no longer looks.</summary>
internal static class LateAssignments
{
    public static void Check(ClassSource source, MemberTable table, ICollection<Diagnostic> diagnostics)
    {
        foreach (var constructor in source.Constructors)
        {
            if (constructor.Body is not { } body) continue;
            var late = body.Statements
                .SkipWhile(statement => statement is not ExpressionStatementSyntax { Expression: { } call } || !Registration.IsOfAll(call))
                .Skip(1)
                .ToList();
            foreach (var assignment in late.SelectMany(Assignments))
            {
                foreach (var target in Targets(assignment.Left))
                {
                    if (table.Find(source.SymbolOf(target)) is not { } member) continue;
                    var isParameter = ModuleCollection.IsParameter(member.Type);
                    if (!member.IsModule && !isParameter) continue;
                    if (IsRegistered(assignment, member, late, source, table)) continue;
                    diagnostics.Add(Diagnostic.Create(
                        DiagnosticCatalogue.AssignedAfterRegistration,
                        assignment.GetLocation(),
                        member.Name,
                        isParameter ? "register_parameter" : "register_module"));
                }
            }
        }
    }

    // Those that the constructor itself makes; a lambda or a local function runs at another time.
    private static IEnumerable<AssignmentExpressionSyntax> Assignments(StatementSyntax statement) => statement
        .DescendantNodesAndSelf(node => node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
        .OfType<AssignmentExpressionSyntax>()
        .Where(assignment => assignment.Kind() is SyntaxKind.SimpleAssignmentExpression or SyntaxKind.CoalesceAssignmentExpression
            && assignment.Parent is not InitializerExpressionSyntax);

    private static IEnumerable<ExpressionSyntax> Targets(ExpressionSyntax left) => left switch
    {
        TupleExpressionSyntax tuple => tuple.Arguments.SelectMany(argument => Targets(argument.Expression)),
        IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } => [left],
        _ => [],
    };

    // By hand, or because the value is another member's, or none.
    private static bool IsRegistered(
        AssignmentExpressionSyntax assignment, ModelMember member, List<StatementSyntax> late, ClassSource source, MemberTable table)
    {
        if (assignment.Right is LiteralExpressionSyntax || table.Find(source.SymbolOf(assignment.Right)) is not null) return true;
        return late.SelectMany(statement => statement.DescendantNodes()).Where(Registration.IsOfOne)
            .Where(call => call.Span.End > assignment.SpanStart)
            .SelectMany(call => ((InvocationExpressionSyntax)call).ArgumentList.DescendantNodes().OfType<SimpleNameSyntax>())
            .Any(name => name.Identifier.ValueText == member.Name && table.Find(source.SymbolOf(name)) == member);
    }
}
