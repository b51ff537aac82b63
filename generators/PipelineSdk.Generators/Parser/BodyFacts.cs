using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.Generators.Parser;

/// <summary>What <c>forward</c> names, and where: members of the model in the order of their evaluation, variables in textual order.</summary>
internal sealed class BodyFacts
{
    private readonly ForwardMethod forward;
    private readonly MemberTable table;
    private readonly HelperMembers helpers;
    private readonly List<VariableUse> variables = [];
    private readonly List<(TextSpan Span, ISymbol Symbol)> declarations = [];
    private readonly LocalFunctionMembers functions = new();
    private readonly List<(SimpleNameSyntax Name, string Reason)> outOfReach = [];

    public BodyFacts(ForwardMethod forward, MemberTable table, CancellationToken cancellation)
    {
        (this.forward, this.table) = (forward, table);
        helpers = new HelperMembers(forward.Semantics.Compilation, table, cancellation);
        var members = new List<MemberUse>();
        foreach (var node in forward.Body.DescendantNodesAndSelf())
        {
            cancellation.ThrowIfCancellationRequested();
            if (node is VariableDeclaratorSyntax or SingleVariableDesignationSyntax or ForEachStatementSyntax
                && forward.Semantics.GetDeclaredSymbol(node, cancellation) is { } declared)
            {
                declarations.Add((node is ForEachStatementSyntax loop ? loop.Identifier.Span : node.Span, declared));
            }

            if (node is not SimpleNameSyntax name) continue;
            var info = forward.Semantics.GetSymbolInfo(name, cancellation);
            if (info.Symbol is null && IsError(forward.Semantics, name, info)) IsBroken = true;
            if (info.Symbol is not { } symbol) continue;
            if (OutOfReach(symbol) is { } reason && !outOfReach.Any(item => item.Reason == reason)) outOfReach.Add((name, reason));
            Add(name, symbol, members);
        }

        members.AddRange(functions.Uses());

        // In the order of evaluation: in head.call(body.call(x)) body comes first.
        Members = [.. members.OrderBy(use => use.Anchor.Span.End)];
        IsBroken |= forward.Syntax.ContainsDiagnostics
            && forward.Syntax.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        IsBroken |= forward.Body is BlockSyntax block
            && forward.Semantics.AnalyzeControlFlow(block) is not { Succeeded: true, EndPointIsReachable: false };
    }

    /// <summary>Whether the compiler finds an error in the method, so that cutting it would only repeat the error.</summary>
    public bool IsBroken { get; private set; }

    public IReadOnlyList<MemberUse> Members { get; }

    public IReadOnlyList<VariableUse> Variables => variables;

    /// <summary>The variables declared, and where.</summary>
    public IReadOnlyList<(TextSpan Span, ISymbol Symbol)> Declarations => declarations;

    /// <summary>Names that mean nothing, or something else, in another part of the class, and why.</summary>
    public IReadOnlyList<(SimpleNameSyntax Name, string Reason)> OutsideReach => outOfReach;

    public IEnumerable<MemberUse> MembersIn(TextSpan span) => Members.Where(use => span.Contains(use.Node.Span));

    public IEnumerable<VariableUse> VariablesIn(TextSpan span) => variables.Where(use => span.Contains(use.Span));

    private static bool IsError(SemanticModel semantics, SimpleNameSyntax name, SymbolInfo info) => info.CandidateReason switch
    {
        CandidateReason.None => semantics.GetTypeInfo(name).Type is IErrorTypeSymbol,
        CandidateReason.LateBound or CandidateReason.MemberGroup => false,
        _ => true,
    };

    private static string? OutOfReach(ISymbol symbol)
    {
        var type = symbol as INamedTypeSymbol ?? (symbol.IsStatic || symbol is IMethodSymbol { MethodKind: MethodKind.ReducedExtension } ? symbol.ContainingType : null);
        if (type is { IsFileLocal: true }) return $"forward uses '{type.Name}', which is local to its file: make it internal";
        return symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.Constructor } } parameter
            && (TorchTypes.IsModule(parameter.Type) || TorchTypes.IsTensor(parameter.Type))
            ? $"forward uses '{parameter.Name}', a parameter of the primary constructor, which no stage can own: assign it to a field"
            : null;
    }

    private void Add(SimpleNameSyntax name, ISymbol symbol, List<MemberUse> members)
    {
        switch (symbol)
        {
            case IMethodSymbol { MethodKind: MethodKind.LocalFunction } function:
                variables.Add(VariableUseOf(name, symbol));
                functions.AddCall(OwnerOf(name), function, name, AnchorOf(name));
                break;
            case ILocalSymbol:
            case IParameterSymbol parameter when SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, forward.Symbol):
                variables.Add(VariableUseOf(name, symbol));
                break;
            case IFieldSymbol { IsStatic: false } or IPropertySymbol { IsStatic: false } or IMethodSymbol { IsStatic: false }:
                if (!IsOfThis(name, out var node)) break;
                var uses = UsesOf(symbol, node);
                if (OwnerOf(name) is { } owner) functions.AddMembers(owner, uses.Select(use => use.Member));
                else members.AddRange(uses);
                break;
            default:
                break;
        }
    }

    // A field or property itself; what a method or a computed property uses.
    private IEnumerable<MemberUse> UsesOf(ISymbol symbol, ExpressionSyntax node)
    {
        var anchor = AnchorOf(node);
        if (symbol is IMethodSymbol || table.Find(symbol) is not { } member || (member.Pinned is null && helpers.HasBody(symbol)))
        {
            return helpers.Of(symbol).Select(used => new MemberUse(used, node, anchor, symbol.Name));
        }

        if (member.Container is ContainerKind.None or ContainerKind.Pipeline) return [new MemberUse(member, node, anchor, null)];
        return Unwrapped(node).Parent switch
        {
            // How many elements there are does not depend on the stage.
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Count" or "Length" } size when size.Expression == Unwrapped(node) => [],
            ElementAccessExpressionSyntax element when element.Expression == Unwrapped(node) && ConstantIndex(element) is { } index =>
                [new MemberUse(member, element, AnchorOf(element), null, index < 0 && member.Counts is { } counts ? index + counts.Sum() : index)],
            _ => [new MemberUse(member, node, anchor, null)],
        };
    }

    private int? ConstantIndex(ElementAccessExpressionSyntax element) => element.ArgumentList.Arguments switch
    {
        [{ Expression: PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.IndexExpression } fromEnd }] => -ConstantOf(fromEnd.Operand),
        [{ Expression: { } index }] => ConstantOf(index),
        _ => null,
    };

    private int? ConstantOf(ExpressionSyntax expression)
        => forward.Semantics.GetConstantValue(expression) is { HasValue: true, Value: int value and >= 0 } ? value : null;

    // The local function of the method's own block that the node stands in: it runs where it is called, not where it is written.
    private ISymbol? OwnerOf(SyntaxNode node)
    {
        var function = node.Ancestors().OfType<LocalFunctionStatementSyntax>().FirstOrDefault(local => local.Parent == forward.Body);
        return function is null ? null : forward.Semantics.GetDeclaredSymbol(function);
    }

    // A plain name, or one after this. or base.; not one after another object's dot.
    private static bool IsOfThis(SimpleNameSyntax name, out ExpressionSyntax node)
    {
        node = name;
        switch (name.Parent)
        {
            case MemberAccessExpressionSyntax access when access.Name == name:
                node = access;
                return access.Expression is ThisExpressionSyntax or BaseExpressionSyntax;
            case MemberBindingExpressionSyntax:
            case AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment when assignment.Left == name:
            case NameColonSyntax:
            case NameEqualsSyntax:
                return false;
            default:
                return true;
        }
    }

    // (x) and x! are x.
    private static SyntaxNode Unwrapped(SyntaxNode node)
    {
        while (node.Parent is ParenthesizedExpressionSyntax
            or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
        {
            node = node.Parent;
        }

        return node;
    }

    private static SyntaxNode AnchorOf(SyntaxNode node)
    {
        node = Unwrapped(node);
        if (node.Parent is InvocationExpressionSyntax own && own.Expression == node) return own;
        if (node.Parent is MemberAccessExpressionSyntax access && access.Expression == node)
        {
            return access.Parent is InvocationExpressionSyntax call && call.Expression == access ? call : access;
        }

        return node.Parent is ArgumentSyntax { Parent.Parent: ExpressionSyntax whole } ? whole
            : node.Parent is ExpressionSyntax parent ? parent
            : node;
    }

    private static VariableUse VariableUseOf(SimpleNameSyntax name, ISymbol symbol)
    {
        ExpressionSyntax node = name;
        while (node.Parent is ParenthesizedExpressionSyntax parenthesized) node = parenthesized;
        return node.Parent switch
        {
            AssignmentExpressionSyntax assignment when assignment.Left == node =>
                new(symbol, name.Span, Reads: !assignment.IsKind(SyntaxKind.SimpleAssignmentExpression), Writes: true),
            PrefixUnaryExpressionSyntax prefix when prefix.IsKind(SyntaxKind.PreIncrementExpression)
                || prefix.IsKind(SyntaxKind.PreDecrementExpression) => new(symbol, name.Span, Reads: true, Writes: true),
            PostfixUnaryExpressionSyntax postfix when !postfix.IsKind(SyntaxKind.SuppressNullableWarningExpression) =>
                new(symbol, name.Span, Reads: true, Writes: true),
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.OutKeyword } => new(symbol, name.Span, Reads: false, Writes: true),
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword } => new(symbol, name.Span, Reads: true, Writes: true),
            ArgumentSyntax { Parent: TupleExpressionSyntax tuple } when IsTarget(tuple) =>
                new(symbol, name.Span, Reads: false, Writes: true),
            _ => new(symbol, name.Span, Reads: true, Writes: false),
        };
    }

    private static bool IsTarget(TupleExpressionSyntax tuple) => tuple.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == tuple,
        ArgumentSyntax { Parent: TupleExpressionSyntax outer } => IsTarget(outer),
        _ => false,
    };
}
