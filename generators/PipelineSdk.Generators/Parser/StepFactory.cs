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

    /// <summary>A statement as it is.</summary>
    public Step Whole(StatementSyntax statement)
    {
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

    /// <summary>The call of a split container that <paramref name="expression"/> is, or null.</summary>
    public SplitCall? SplitCallOf(ExpressionSyntax expression)
    {
        if (expression is not InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "forward" or "call" } access,
                ArgumentList.Arguments: { Count: 1 } arguments,
            } call)
        {
            return null;
        }

        var use = facts.Members.FirstOrDefault(candidate => candidate.Node == access.Expression && candidate.Helper is null);
        if (use is not { Member.Counts: { } counts } || placement.Of(use.Member) is not { IsSplit: true } range) return null;
        return forward.Semantics.GetTypeInfo(call).Type is { } type
            ? new SplitCall(use.Member, range, counts, call, access.Expression, arguments[0].Expression, use, type)
            : null;
    }

    /// <summary>The step that runs the elements of one stage into a temporary.</summary>
    /// <param name="split">The call of the whole container.</param>
    /// <param name="index">Which of its ranges; not the last.</param>
    /// <param name="temporary">The temporary.</param>
    /// <param name="carried">The result of the range before; null for the first.</param>
    /// <param name="edits">Edits in the argument.</param>
    public Step RangeStep(SplitCall split, int index, Variable temporary, Variable? carried, List<Edit> edits)
    {
        // The first range computes the argument; the others only take what is carried.
        var span = carried is null ? split.Argument.Span : new TextSpan(split.Argument.SpanStart, 0);
        var argument = Piece(split.Argument, span, carried is null ? edits : [new Edit(span, carried.Identifier, carried)], "", "");
        return WithTemporary(argument, temporary) with
        {
            Node = split.Call,
            Stage = split.Range.First + index,
            Deciding = split.Use,
            Code = new StatementModel(Declare(temporary), RangeCall(split, index, carried, edits), ";", Text.Locate(split.Call.Span)),
            Members = [.. argument.Members, PartOf(split, index)],
        };
    }

    /// <summary>What stands in the place of the whole call of a split container: its last range.</summary>
    public Edit LastRange(SplitCall split, Variable carried)
    {
        var index = split.Counts.Count - 1;
        return new Edit(split.Call.Span, RangeCall(split, index, carried, []), carried, PartOf(split, index), split);
    }

    private static MemberPart PartOf(SplitCall split, int index)
        => new(split.Member, split.Counts.Take(index).Sum(), split.Counts[index]);

    private string RangeCall(SplitCall split, int index, Variable? carried, List<Edit> edits)
    {
        var part = PartOf(split, index);
        return string.Format(
            CultureInfo.InvariantCulture,
            "{0}.SequentialRange.Forward({1}, {2}, {3}, {4}, {5})",
            GeneratedFile.Contract,
            GeneratedFile.Literal(split.Member.Name),
            Text.Read(split.Receiver.Span),
            part.Start,
            part.Count,
            carried?.Identifier ?? Text.Read(split.Argument.Span, edits));
    }

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
        var deciding = uses.Concat(edits.Select(edit => edit.Call?.Use).OfType<MemberUse>())
            .Where(use => placement.Of(use.Member) is not null)
            .OrderByDescending(use => placement.Of(use.Member)!.Value.Last)
            .FirstOrDefault();
        var members = edits.Select(edit => edit.Part).OfType<MemberPart>()
            .Concat(uses.Where(use => placement.Of(use.Member) is not { IsSplit: true }).Select(use => new MemberPart(use.Member)))
            .Distinct()
            .ToList();
        return new Step
        {
            Node = node,
            Stage = deciding is null ? null : placement.Of(deciding.Member)?.Last,
            Deciding = deciding,
            Code = new StatementModel(prefix, Text.Read(span, edits), suffix, Text.Locate(span)),
            Members = members,
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
        if (node is ExpressionSyntax expression && forward.Semantics.AnalyzeDataFlow(expression) is { Succeeded: true } flow)
        {
            foreach (var variable in Known(flow.AlwaysAssigned)) yield return variable;
        }

        // The initializer is the node, the declarator is around it.
        if (node.Parent is EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax declarator } && span.Contains(declarator.Span)
            && forward.Semantics.GetDeclaredSymbol(declarator) is { } symbol && variables.Find(symbol) is { } declared)
        {
            yield return declared;
        }
    }

    private string StemOf(ExpressionSyntax expression)
    {
        var stem = facts.MembersIn(expression.Span).LastOrDefault(use => use.Member.IsModule || use.Member.IsTensor)?.Member.Name ?? "part";
        return stem.TrimStart('_') is { Length: > 0 } trimmed ? trimmed : "part";
    }
}
