using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Generators.Emitter;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Makes steps: finds what a piece of <c>forward</c> reads, writes and uses, and what is emitted for it.</summary>
internal sealed class StepFactory(ForwardMethod forward, BodyFacts facts, VariableTable variables, Placement placement)
{
    public UserText Text { get; } = new(forward.Body);

    /// <summary>The parameters of a divided segment's method: its first element, and the first that is left out.</summary>
    public string Start { get; } = variables.Unique("start");

    public string End { get; } = variables.Unique("end");

    /// <summary>A statement as it is.</summary>
    public Step Whole(StatementSyntax statement)
    {
        if (statement is ExpressionStatementSyntax or LocalDeclarationStatementSyntax or ReturnStatementSyntax && IsStraight(statement))
        {
            return Piece(statement, statement.Span, [], "", "");
        }

        var flow = forward.Semantics.AnalyzeDataFlow(statement);
        if (flow is not { Succeeded: true }) return Piece(statement, statement.Span, [], "", "");
        var mentions = Mentions(statement.Span, []);
        return Create(
            statement,
            statement.Span,
            [],
            "",
            "",
            reads: Known(flow.DataFlowsIn).Concat(CapturedBy(statement.Span)).ToList(),
            writes: Known(flow.AlwaysAssigned).ToList(),
            mentions);
    }

    /// <summary>A statement, or a part of one, in which temporaries stand for what was hoisted.</summary>
    public Step Piece(SyntaxNode node, TextSpan span, List<Edit> edits, string prefix, string suffix)
    {
        var uses = Remaining(span, edits).ToList();
        var declared = Declared(span, edits);
        var reads = uses.Where(use => use.Reads).Select(use => variables.Find(use.Symbol)).OfType<Variable>()
            .Where(variable => !declared.Contains(variable))
            .Concat(CapturedBy(span))
            .Concat(Substitutes(edits))
            .ToList();
        var writes = Assigned(node, span).ToList();
        return Create(node, span, edits, prefix, suffix, reads, writes, Mentions(span, edits));
    }

    /// <summary>A temporary for the value of an expression; null if no variable can hold it.</summary>
    public Variable? TemporaryFor(ExpressionSyntax expression)
    {
        var info = forward.Semantics.GetTypeInfo(expression);
        var conversion = forward.Semantics.GetConversion(expression);
        var type = info.Type is null || conversion.IsUserDefined ? info.ConvertedType : info.Type;
        if (type is null or IErrorTypeSymbol or IPointerTypeSymbol or IFunctionPointerTypeSymbol
            || type.SpecialType == SpecialType.System_Void || type.IsRefLikeType || type.IsAnonymousType)
        {
            return null;
        }

        if (type.IsReferenceType)
        {
            type = type.WithNullableAnnotation(info.Nullability.FlowState == NullableFlowState.MaybeNull
                ? NullableAnnotation.Annotated
                : NullableAnnotation.NotAnnotated);
        }

        return variables.Temporary(StemOf(expression) + "Result", type, expression);
    }

    /// <summary>The step that computes a temporary.</summary>
    public Step Assignment(Variable temporary, ExpressionSyntax expression, List<Edit> edits)
    {
        var step = Piece(
            expression, expression.Span, edits, Declare(temporary), ";");
        return WithTemporary(step, temporary);
    }

    /// <summary>The step that runs a loop for a range of its rounds.</summary>
    public Step Loop(Division division)
    {
        var statement = (StatementSyntax)division.Node;
        List<Edit> edits = division switch
        {
            ForEachDivision each =>
            [
                new Edit(
                    each.Loop.Expression.Span,
                    $"{GeneratedFile.Contract}.ElementRange.Of<{TypeNames.Full(each.ElementType)}>({Text.Read(each.Loop.Expression.Span)}, {Start}, {End})"),
            ],
            ForDivision counted =>
            [
                new Edit(counted.Initial.Span, counted.First == 0
                    ? Start
                    : string.Format(CultureInfo.InvariantCulture, "global::System.Math.Max({0}, {1})", counted.First, Start)),
                new Edit(
                    counted.Loop.Condition!.Span, $"{counted.Index} < {End} && {Text.Read(counted.Loop.Condition.Span)}"),
            ],
            _ => throw new InvalidOperationException($"{division.Node.Kind()} is no loop."),
        };

        // What a round changes is alive before every round, so nothing counts as written.
        var whole = Whole(statement);
        return Divided(whole, division) with { Code = new StatementModel("", Text.Read(statement.Span, edits), "", Text.Locate(statement.Span)), Writes = [] };
    }

    /// <summary>The variable that a divided call hands from one range to the next; null if there can be none.</summary>
    public Variable? CarriedBy(CallDivision division)
    {
        var type = division.IsPipeline
            ? forward.Semantics.Compilation.GetTypeByMetadataName("PipelineSdk.Model.Boundary")
            : division.ResultType.WithNullableAnnotation(NullableAnnotation.NotAnnotated);
        return type is null ? null : variables.Temporary(division.Use.Member.Name.TrimStart('_') + "Part", type, division.Node);
    }

    /// <summary>The step that computes what a divided call begins with.</summary>
    public Step Begin(CallDivision division, Variable carried, List<Edit> edits)
    {
        var call = (InvocationExpressionSyntax)division.Node;
        var span = TextSpan.FromBounds(division.Arguments[0].SpanStart, division.Arguments[division.Arguments.Count - 1].Span.End);
        var (prefix, suffix) = division.IsPipeline
            ? ($"{GeneratedFile.Contract}.NestedPipeline.Begin({Receiver(division)}, new object?[] {{ ", " });")
            : ("", ";");
        return WithTemporary(Piece(call, span, edits, Declare(carried) + prefix, suffix), carried);
    }

    /// <summary>The step that runs a divided call for a range of elements.</summary>
    public Step Call(CallDivision division, Variable carried)
    {
        var text = division.IsPipeline
            ? $"{carried.Identifier} = {GeneratedFile.Contract}.NestedPipeline.Forward({Receiver(division)}, {carried.Identifier}, {Start}, {End})"
            : $"{carried.Identifier} = {GeneratedFile.Contract}.SequentialRange.Forward({Receiver(division)}, {Start}, {End}, {carried.Identifier})";
        var nothing = new TextSpan(division.Node.SpanStart, 0);
        var step = Create(division.Node, nothing, [], "", "", reads: [carried], writes: [], mentions: [carried]);
        return Divided(step, division) with { Code = new StatementModel("", text, ";", Text.Locate(division.Node.Span)) };
    }

    /// <summary>What stands in the place of a divided call: what its last range left.</summary>
    public Edit Result(CallDivision division, Variable carried) => new(
        division.Node.Span,
        division.IsPipeline
            ? $"(({TypeNames.Full(division.ResultType)}){GeneratedFile.Contract}.NestedPipeline.Result({Receiver(division)}, {carried.Identifier})!)"
            : carried.Identifier,
        carried);

    private Step Divided(Step step, Division division) => step with
    {
        Division = division,
        Stage = placement.Of(division.Uses[0])?.First,
        Deciding = division.Uses[0],
        Early = null,
        Members = [.. step.Members.Where(part => !division.Members.Contains(part.Member))],
    };

    private string Receiver(CallDivision division)
        => Text.Read(((MemberAccessExpressionSyntax)((InvocationExpressionSyntax)division.Node).Expression).Expression.Span);

    /// <summary>A statement that is emitted as it is.</summary>
    public StatementModel Verbatim(TextSpan span) => new("", Text.Read(span), "", Text.Locate(span));

    /// <summary>Constants and local functions named in a span.</summary>
    public IEnumerable<ISymbol> SharedIn(TextSpan span) => SharedIn(span, []);

    private IEnumerable<ISymbol> SharedIn(TextSpan span, List<Edit> edits) => Remaining(span, edits).Select(use => use.Symbol)
        .Where(symbol => symbol is ILocalSymbol { IsConst: true } or IMethodSymbol)
        .Distinct<ISymbol>(SymbolEqualityComparer.Default);

    private static string Declare(Variable temporary) => $"{TypeNames.Full(temporary.Type)} {temporary.Identifier} = ";

    private static Step WithTemporary(Step step, Variable temporary) => step with
    {
        Writes = [.. step.Writes, temporary],
        Mentions = [.. step.Mentions, temporary],
        Declares = [.. step.Declares, temporary],
    };

    private Step Create(
        SyntaxNode node,
        TextSpan span,
        List<Edit> edits,
        string prefix,
        string suffix,
        IReadOnlyCollection<Variable> reads,
        IReadOnlyCollection<Variable> writes,
        IReadOnlyCollection<Variable> mentions)
    {
        var uses = facts.MembersIn(span).Where(use => !IsEdited(use.Node.Span, edits)).ToList();
        var placed = uses.Where(use => placement.Of(use) is not null).OrderByDescending(use => placement.Of(use)!.Value.Last).ToList();
        var deciding = placed.FirstOrDefault();
        var stage = deciding is null ? null : placement.Of(deciding)?.Last;
        return new Step
        {
            Node = node,
            Stage = stage,
            Early = placed.LastOrDefault() is { } lowest && placement.Of(lowest)?.Last < stage ? lowest : null,
            Deciding = deciding,
            Code = new StatementModel(prefix, Text.Read(span, edits), suffix, Text.Locate(span)),
            Members = [.. uses.Select(use => new MemberPart(use.Member, use.Element)).Distinct()],
            Reads = reads,
            Writes = writes,
            Mentions = mentions,
            Declares = Declared(span, edits),
            SharedDeclarations = [.. SharedIn(span, edits)],
        };
    }

    private IEnumerable<VariableUse> Remaining(TextSpan span, List<Edit> edits)
        => facts.VariablesIn(span).Where(use => !IsEdited(use.Span, edits));

    private static bool IsEdited(TextSpan span, List<Edit> edits) => edits.Any(edit => edit.Span.Contains(span));

    private static IEnumerable<Variable> Substitutes(List<Edit> edits) => edits.Select(edit => edit.Value).OfType<Variable>();

    private List<Variable> Mentions(TextSpan span, List<Edit> edits)
        => [.. Remaining(span, edits).Select(use => variables.Find(use.Symbol)).OfType<Variable>()
            .Concat(Declared(span, edits)).Concat(CapturedBy(span)).Concat(Substitutes(edits)).Distinct()];

    private IEnumerable<Variable> Known(IEnumerable<ISymbol> symbols) => symbols.Select(variables.Find).OfType<Variable>();

    // Declarations by name (out var, patterns, declarators) are no uses; they are found by where the symbol is declared.
    private List<Variable> Declared(TextSpan span, List<Edit> edits)
    {
        List<Variable> found = [];
        foreach (var (declaration, symbol) in facts.Declarations)
        {
            if (span.Contains(declaration) && !IsEdited(declaration, edits) && variables.Find(symbol) is { } variable) found.Add(variable);
        }

        return found;
    }

    // What the local functions named in the span use of the method around them.
    private IEnumerable<Variable> CapturedBy(TextSpan span)
    {
        var pending = new Stack<ISymbol>(facts.VariablesIn(span).Select(use => use.Symbol).Where(symbol => symbol is IMethodSymbol));
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        while (pending.Count > 0)
        {
            var function = pending.Pop();
            if (!seen.Add(function) || function.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference) continue;
            foreach (var use in facts.VariablesIn(reference.Span))
            {
                if (use.Symbol is IMethodSymbol) pending.Push(use.Symbol);
                else if (variables.Find(use.Symbol) is { } variable) yield return variable;
            }
        }
    }

    private IEnumerable<Variable> Assigned(SyntaxNode node, TextSpan span)
    {
        if (IsStraight(node))
        {
            foreach (var use in facts.VariablesIn(node.Span))
            {
                if (use.Writes && variables.Find(use.Symbol) is { } variable) yield return variable;
            }
        }
        else if (node is ExpressionSyntax expression && forward.Semantics.AnalyzeDataFlow(expression) is { Succeeded: true } flow)
        {
            foreach (var variable in Known(flow.AlwaysAssigned)) yield return variable;
        }

        // What is declared with a value has it; the initializer is the node where the declarator is around it.
        foreach (var (declaration, symbol) in facts.Declarations)
        {
            if (span.Contains(declaration) && variables.Find(symbol) is { } declared && IsGivenAValue(declaration)) yield return declared;
        }

        bool IsGivenAValue(TextSpan declaration) => forward.Body.FindNode(declaration) switch
        {
            VariableDeclaratorSyntax declarator => declarator.Initializer is not null,
            _ => IsStraight(node),
        };
    }

    // Everything in it is evaluated, once: what it writes is written. Asking the compiler for the flow of data would mean to walk the method
    // once per statement.
    private static bool IsStraight(SyntaxNode node) => node.DescendantNodesAndSelf().All(part => part is not (
        ConditionalExpressionSyntax or ConditionalAccessExpressionSyntax or SwitchExpressionSyntax or AnonymousFunctionExpressionSyntax
        or IsPatternExpressionSyntax or ThrowExpressionSyntax or QueryExpressionSyntax or RefExpressionSyntax
        or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression or (int)SyntaxKind.CoalesceExpression }
        or AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression }));

    private string StemOf(ExpressionSyntax expression)
    {
        var stem = facts.MembersIn(expression.Span).LastOrDefault(use => use.Member.IsModule || use.Member.IsTensor)?.Member.Name ?? "part";
        return stem.TrimStart('_') is { Length: > 0 } trimmed ? trimmed : "part";
    }
}
