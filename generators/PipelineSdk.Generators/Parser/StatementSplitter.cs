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
    ForwardMethod forward, BodyFacts facts, VariableTable variables, Placement placement, StepFactory factory, ICollection<CutProblem> problems)
{
    private readonly List<Step> steps = [];

    public IReadOnlyList<Step> Split()
    {
        if (forward.Body is BlockSyntax block)
        {
            foreach (var statement in Reachable(block)) Split(statement);
        }
        else
        {
            var prefix = forward.Body is ThrowExpressionSyntax ? "" : "return ";
            SplitWhole((ExpressionSyntax)forward.Body, forward.Body.Span, prefix, ";");
        }

        return steps;
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
            case var _ when IsUniform(statement.Span):
                steps.Add(factory.Whole(statement));
                break;
            case ExpressionStatementSyntax simple:
                SplitWhole(simple.Expression, statement.Span);
                break;
            case ReturnStatementSyntax { Expression: { } result }:
                SplitWhole(result, statement.Span);
                break;
            case LocalDeclarationStatementSyntax { UsingKeyword.RawKind: 0 } declaration:
                foreach (var variable in declaration.Declaration.Variables) Split(declaration, variable);
                break;
            default:
                Refuse(statement.Span, Kinds.Describe(statement), "move everything in it that belongs to a stage into one stage");
                steps.Add(factory.Whole(statement));
                break;
        }
    }

    private void Split(LocalDeclarationStatementSyntax declaration, VariableDeclaratorSyntax variable)
    {
        var alone = declaration.Declaration.Variables.Count == 1;
        var span = alone ? declaration.Span : variable.Span;
        var prefix = alone ? "" : factory.Text.Read(declaration.Declaration.Type.Span) + " ";
        var suffix = alone ? "" : ";";
        if (variable.Initializer is { } initializer) SplitWhole(initializer.Value, span, prefix, suffix);
        else steps.Add(factory.Piece(variable, span, [], prefix, suffix));
    }

    private void SplitWhole(ExpressionSyntax expression, TextSpan span, string prefix = "", string suffix = "")
    {
        var edits = new List<Edit>();
        if (!IsUniform(expression.Span)) Lower(expression, edits);
        steps.Add(factory.Piece(expression, span, edits, prefix, suffix));
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

        var split = factory.SplitCallOf(expression);
        if (split is not null) operands = [new Operand(split.Argument)];
        if (split is null && !HasOneStage(OwnUses(expression, operands)))
        {
            Refuse(expression.Span, Kinds.Describe(expression), "move the members it uses into one stage");
            return;
        }

        var stage = split?.Range.First ?? StageOf(expression, operands);
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

        steps.Add(factory.Assignment(temporary, expression, inner));
        edits.Add(new Edit(expression.Span, temporary.Identifier, temporary));
    }

    // layers.forward(x) becomes a call for each range of elements, the last of them in the place of the whole.
    private void Unroll(SplitCall split, List<Edit> edits)
    {
        var inner = edits.Where(edit => split.Argument.Span.Contains(edit.Span)).ToList();
        edits.RemoveAll(inner.Contains);
        Variable? carried = null;
        for (var i = 0; i < split.Counts.Count - 1; i++)
        {
            var next = variables.Temporary(split.Member.Name.TrimStart('_') + "Part", split.ResultType, split.Call);
            steps.Add(factory.RangeStep(split, i, next, carried, inner));
            carried = next;
        }

        edits.Add(factory.LastRange(split, carried!));
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

    private bool IsUniform(TextSpan span) => HasOneStage(facts.MembersIn(span));

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
            if (placement.Of(use.Member) is { } range) yield return (use, range);
        }
    }

    private void Refuse(TextSpan span, string where, string remedy)
    {
        var uses = StagesIn(span).ToList();
        var (first, firstRange) = uses[0];
        var (second, secondRange) = uses.FirstOrDefault(item => item.Range != firstRange);
        if (second is null) (second, secondRange) = (first, firstRange);
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
            uses.Max(item => item.Range.Last)));
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
