using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Parser;

/// <summary>
/// Turns the statements of <c>forward</c> into steps that each belong to one stage. Where an expression spans stages, the
/// parts that belong to earlier ones are hoisted into temporaries, and so is everything C# evaluates before them.
/// </summary>
internal sealed class StatementSplitter(
    ForwardMethod forward,
    BodyFacts facts,
    Divisions divisions,
    VariableTable variables,
    Placement placement,
    StepFactory factory,
    ISet<MemberUse> refused,
    ICollection<CutProblem> problems)
{
    private readonly List<Step> steps = [];
    private readonly Scopes scopes = new(forward.Semantics, variables, factory.Text);
    private ImmutableStack<Frame> frames = ImmutableStack<Frame>.Empty;

    public IReadOnlyList<Step> Split()
    {
        if (forward.Body is BlockSyntax block)
        {
            SplitAll(Reachable(block));
        }
        else
        {
            var prefix = forward.Body is ThrowExpressionSyntax ? "" : "return ";
            SplitWhole((ExpressionSyntax)forward.Body, forward.Body.Span, prefix, ";");
        }

        return steps;
    }

    private void SplitAll(IEnumerable<StatementSyntax> statements)
    {
        foreach (var statement in statements) Split(statement);
    }

    // What follows a return at the end is dead, unless a label leads there.
    private static IEnumerable<StatementSyntax> Reachable(BlockSyntax block)
    {
        var ends = false;
        foreach (var statement in block.Statements)
        {
            if (statement is LabeledStatementSyntax) ends = false;
            if (ends) continue;
            yield return statement;
            ends = statement is ReturnStatementSyntax or ThrowStatementSyntax;
        }
    }

    private void Split(StatementSyntax statement)
    {
        switch (statement)
        {
            case LocalFunctionStatementSyntax or EmptyStatementSyntax or LocalDeclarationStatementSyntax { IsConst: true }:
                break;
            case LocalDeclarationStatementSyntax declaration when scopes.Of(declaration) is { } scope:
                frames = frames.Push(scope);
                break;
            case var _ when divisions.All.FirstOrDefault(division => division.Node == statement) is { } loop && placement.Divides(loop):
                SplitLoop(loop);
                break;
            case var _ when IsUniform(statement.Span):
                Add(factory.Whole(statement));
                break;
            case var _ when scopes.Of(statement) is { } frame:
                SplitInside(frame);
                break;
            case ExpressionStatementSyntax simple:
                SplitWhole(simple.Expression, statement.Span);
                break;
            case ReturnStatementSyntax { Expression: { } result }:
                SplitWhole(result, statement.Span);
                break;
            case LocalDeclarationStatementSyntax { AwaitKeyword.RawKind: 0 } declaration:
                foreach (var variable in declaration.Declaration.Variables) Split(declaration, variable);
                break;
            default:
                Refuse(statement.Span, Kinds.Describe(statement), "move everything in it that belongs to a stage into one stage");
                Add(factory.Whole(statement));
                break;
        }
    }

    private void Add(Step step) => steps.Add(step with { Frames = [.. frames.Reverse()] });

    // What a using declaration opens lasts as long as the block around it.
    private void SplitInside(Frame frame)
    {
        var outer = frames;
        frames = frames.Push(frame);
        var body = frame.Node switch
        {
            UsingStatementSyntax block => block.Statement,
            CheckedStatementSyntax check => check.Block,
            _ => (StatementSyntax)frame.Node,
        };
        SplitAll(body is BlockSyntax inner ? Reachable(inner) : [body]);
        frames = outer;
    }

    private void SplitLoop(Division loop)
    {
        // Where the stages are chosen, whatever else the loop uses runs in all of its stages.
        var foreign = placement.IsPinned
            ? facts.MembersIn(loop.Node.Span).FirstOrDefault(use => !loop.Uses.Contains(use) && placement.Of(use) is not null)
            : null;
        if (foreign is not null)
        {
            var remedy = loop.Members.Contains(foreign.Member)
                ? "name only the element of the round in it"
                : $"move '{foreign.Member.Name}' out of the loop, or give every round one of its own";
            Refuse([loop.Uses[0], foreign], Kinds.Describe(loop.Node), remedy);
        }

        Add(factory.Loop(loop));
    }

    private void Split(LocalDeclarationStatementSyntax declaration, VariableDeclaratorSyntax variable)
    {
        var alone = declaration.Declaration.Variables.Count == 1;
        var span = alone ? declaration.Span : variable.Span;
        var prefix = alone ? "" : factory.Text.Read(declaration.Declaration.Type.Span) + " ";
        var suffix = alone ? "" : ";";
        if (variable.Initializer is { } initializer) SplitWhole(initializer.Value, span, prefix, suffix);
        else Add(factory.Piece(variable, span, [], prefix, suffix));
    }

    private void SplitWhole(ExpressionSyntax expression, TextSpan span, string prefix = "", string suffix = "")
    {
        var edits = new List<Edit>();
        if (!IsUniform(expression.Span)) Lower(expression, edits);
        Add(factory.Piece(expression, span, edits, prefix, suffix));
    }

    // Hoists whatever in the expression must run in another stage than the expression itself.
    private void Lower(ExpressionSyntax expression, List<Edit> edits)
    {
        var operands = EvaluationOrder.OperandsOf(expression);
        if (operands is null)
        {
            Refuse(expression.Span, "an expression of this form", "compute its parts in statements of their own");
            return;
        }

        var split = divisions.All.OfType<CallDivision>().FirstOrDefault(call => call.Node == expression && placement.Divides(call));
        if (split is not null) operands = [.. split.Arguments.Select(argument => new Operand(argument))];
        if (split is null && !HasOneStage(OwnUses(expression, operands)))
        {
            Refuse(expression.Span, Kinds.Describe(expression), "move the members it uses into one stage");
            return;
        }

        var stage = (split is null ? null : placement.Of(split.Use)?.First) ?? StageOf(expression, operands);
        var last = LastIndex(operands, operand => NeedsHoisting(operand, stage));
        for (var i = 0; i <= last; i++)
        {
            var operand = operands[i];
            var needs = NeedsHoisting(operand, stage);
            if (!needs && IsStable(operand, operands.Skip(i + 1))) continue;
            if (operand.IsConditional)
            {
                var lambda = operand.Expression is AnonymousFunctionExpressionSyntax;
                Refuse(
                    expression.Span,
                    Kinds.Describe(lambda ? operand.Expression : expression),
                    lambda ? "move everything in it that belongs to a stage into one stage" : "write it as an if statement inside one stage, or compute the parts before it");
                return;
            }

            if (operand.IsTarget)
            {
                Refuse(expression.Span, "an assignment whose target is computed first", "compute the value in a statement of its own");
                return;
            }

            if (i == last && !MustMove(operand, stage)) Lower(operand.Expression, edits);
            else Hoist(operand.Expression, expression, edits);
        }

        if (split is not null) Unroll(split, edits);
    }

    // The stage in which the expression itself is evaluated, once its operands are: that of the layer it calls, else the last of
    // its operands' stages.
    private int StageOf(ExpressionSyntax expression, IReadOnlyList<Operand> operands)
    {
        var own = StagesOf(OwnUses(expression, operands)).Select(item => item.Range.Last);
        var called = expression is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax access } && IsPlainUse(access.Expression)
            ? StagesIn(access.Expression.Span).Select(item => item.Range.Last)
            : [];
        return own.Concat(called).DefaultIfEmpty(Last(expression.Span)).Max();
    }

    // What the expression uses apart from its operands, such as a helper method.
    private IEnumerable<MemberUse> OwnUses(ExpressionSyntax expression, IReadOnlyList<Operand> operands)
        => facts.MembersIn(expression.Span).Where(use => !operands.Any(operand => operand.Expression.Span.Contains(use.Node.Span)));

    private void Hoist(ExpressionSyntax expression, ExpressionSyntax parent, List<Edit> edits)
    {
        var inner = new List<Edit>();
        if (!IsUniform(expression.Span)) Lower(expression, inner);
        if (factory.TemporaryFor(expression) is not { } temporary)
        {
            Refuse(parent.Span, "an expression with a part that can't be kept in a variable", "compute the value in a statement of its own");
            return;
        }

        Add(factory.Assignment(temporary, expression, inner));
        edits.Add(new Edit(expression.Span, temporary.Identifier, temporary));
    }

    // layers.forward(x) becomes a step that computes x, one that runs ranges of the elements on it, and what they leave.
    private void Unroll(CallDivision split, List<Edit> edits)
    {
        if (factory.CarriedBy(split) is not { } carried)
        {
            Refuse(split.Node.Span, "a call whose result no variable can hold", "compute the value in a statement of its own");
            return;
        }

        var inner = edits.Where(edit => split.Node.Span.Contains(edit.Span)).ToList();
        edits.RemoveAll(inner.Contains);
        Add(factory.Begin(split, carried, inner));
        Add(factory.Call(split, carried));
        edits.Add(factory.Result(split, carried));
    }

    // Its stage is another one, so that its value must be computed before.
    private bool MustMove(Operand operand, int stage)
        => HasStage(operand.Expression.Span) && Last(operand.Expression.Span) != stage;

    private bool NeedsHoisting(Operand operand, int stage)
        => MustMove(operand, stage) || (!IsPlainUse(operand.Expression) && !IsUniform(operand.Expression.Span));

    // A use of a member as such is evaluated where its owner is.
    private bool IsPlainUse(ExpressionSyntax expression)
    {
        while (expression is ParenthesizedExpressionSyntax
            or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
        {
            expression = expression is ParenthesizedExpressionSyntax inner
                ? inner.Expression
                : ((PostfixUnaryExpressionSyntax)expression).Operand;
        }

        return facts.Members.Any(use => use.Node == expression && use.Helper is null);
    }

    private bool IsStable(Operand operand, IEnumerable<Operand> later)
        => Stability.IsStable(operand.Expression, forward.Semantics, facts, later.Select(next => next.Expression.Span))
            || (operand.IsTarget && operand.Expression is DeclarationExpressionSyntax or TupleExpressionSyntax);

    private bool HasStage(TextSpan span) => StagesIn(span).Any();

    private int Last(TextSpan span) => StagesIn(span).Select(item => item.Range.Last).DefaultIfEmpty(0).Max();

    private bool IsUniform(TextSpan span) => !divisions.In(span).Any(placement.Divides) && HasOneStage(facts.MembersIn(span));

    private bool HasOneStage(IEnumerable<MemberUse> uses)
    {
        var first = int.MaxValue;
        var last = int.MinValue;
        foreach (var (_, range) in StagesOf(uses)) (first, last) = (Math.Min(first, range.First), Math.Max(last, range.Last));
        return first >= last;
    }

    private IEnumerable<(MemberUse Use, StageRange Range)> StagesIn(TextSpan span) => StagesOf(facts.MembersIn(span));

    private IEnumerable<(MemberUse Use, StageRange Range)> StagesOf(IEnumerable<MemberUse> uses)
    {
        foreach (var use in uses)
        {
            if (placement.Of(use) is { } range) yield return (use, range);
        }
    }

    private void Refuse(TextSpan span, string where, string remedy) => Refuse(facts.MembersIn(span), where, remedy, [.. divisions.In(span)]);

    private void Refuse(IEnumerable<MemberUse> inside, string where, string remedy, IReadOnlyList<Division>? divided = null)
    {
        var uses = StagesOf(inside).ToList();
        if (uses.Any(item => refused.Contains(item.Use))) return;
        var (first, firstRange) = uses[0];
        var (second, secondRange) = uses.FirstOrDefault(item => item.Range != firstRange);
        if (second is null) (second, secondRange) = (uses[uses.Count - 1].Use, firstRange);
        if (first.Helper is not null && first.Node == second.Node) where = $"the helper '{first.Helper}'";
        problems.Add(new CutProblem(
            Diagnostic.Create(
                DiagnosticCatalogue.CutInsideStatement,
                second.Node.GetLocation(),
                first.Member.Name,
                firstRange.Last,
                second.Member.Name,
                secondRange.Last,
                where,
                remedy),
            uses.Min(item => item.Range.First),
            uses.Max(item => item.Range.Last))
        {
            Divisions = divided ?? [],
        });
    }

    private static int LastIndex(IReadOnlyList<Operand> operands, Func<Operand, bool> condition)
    {
        for (var i = operands.Count - 1; i >= 0; i--)
        {
            if (condition(operands[i])) return i;
        }

        return -1;
    }
}
