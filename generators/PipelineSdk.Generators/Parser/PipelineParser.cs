using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Parses one <c>[Pipeline]</c> class.</summary>
internal static class PipelineParser
{
    public static ParseResult Parse(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        var diagnostics = new List<Diagnostic>();
        var models = InternalError.Guard(
            context.TargetSymbol.Name,
            (context.TargetNode as TypeDeclarationSyntax)?.Identifier.GetLocation(),
            () => Tuple.Create(Parse(context, diagnostics, cancellation)),
            diagnostics.Add);
        return new ParseResult(models?.Item1.Model, models?.Item1.Forward, diagnostics.ToEquatableArray());
    }

    private static (PipelineModel? Model, ForwardModel? Forward) Parse(
        GeneratorAttributeSyntaxContext context, List<Diagnostic> diagnostics, CancellationToken cancellation)
    {
        var model = (INamedTypeSymbol)context.TargetSymbol;
        var syntax = (TypeDeclarationSyntax)context.TargetNode;
        var compilation = context.SemanticModel.Compilation;
        if (!IsFirst(model, syntax)) return default;

        if (syntax.SyntaxTree.Options is CSharpParseOptions options && options.LanguageVersion < LanguageVersion.CSharp11)
        {
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.LanguageVersion,
                syntax.Identifier.GetLocation(),
                model.Name,
                options.LanguageVersion.ToDisplayString()));
            return default;
        }

        var forward = ForwardMethod.Find(model, compilation, cancellation);
        var type = TypeParser.Parse(model, syntax, (SyntaxNode?)forward?.Syntax ?? syntax, diagnostics, cancellation);
        if (!TorchTypes.IsCallableModule(model))
        {
            // A base class that the compiler does not find is its error to report.
            if (model.BaseType is not IErrorTypeSymbol)
            {
                diagnostics.Add(Diagnostic.Create(DiagnosticCatalogue.NotAModule, syntax.Identifier.GetLocation(), model.Name));
            }

            return default;
        }

        var table = new MemberTable(model, diagnostics);
        if (forward is null)
        {
            diagnostics.Add(Diagnostic.Create(DiagnosticCatalogue.NoForward, syntax.Identifier.GetLocation(), model.Name));
        }

        if (type is null) return default;
        var placeholder = new PipelineModel(type, "PipelineParts", default, default, default, "", "", default);
        if (forward is null) return (placeholder, null);

        var facts = new BodyFacts(forward, table, cancellation);
        if (facts.IsBroken) return (placeholder, null);
        StageNumbers.Check(table, facts, diagnostics);
        CheckInputs(forward, diagnostics);
        diagnostics.AddRange(facts.OutsideReach.Select(item => Diagnostic.Create(
            DiagnosticCatalogue.UnsupportedContainer, item.Name.GetLocation(), model.Name, item.Reason)));
        if (diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) return (placeholder, null);

        var (models, problems) = ForwardCutter.Cut(model, type, forward, table, facts, cancellation);
        if (models is var (built, statements)) return (built, statements);
        diagnostics.AddRange(problems.Select(problem => problem.Diagnostic).Distinct());
        return (placeholder, null);
    }

    private static void CheckInputs(ForwardMethod forward, List<Diagnostic> diagnostics)
    {
        foreach (var parameter in forward.Symbol.Parameters)
        {
            var (reason, remedy) = Crossing.Refuse(parameter.Type);
            if (reason is null) continue;
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.InputNotDivisible,
                parameter.Locations.FirstOrDefault() ?? forward.Syntax.Identifier.GetLocation(),
                parameter.Name,
                reason,
                remedy));
        }
    }

    // The attribute twice is the compiler's error; the class is generated once.
    private static bool IsFirst(INamedTypeSymbol model, TypeDeclarationSyntax syntax)
    {
        var first = model.GetAttributes()
            .FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == AttributeNames.Pipeline)
            ?.ApplicationSyntaxReference;
        return first is null || (first.SyntaxTree == syntax.SyntaxTree && syntax.Span.Contains(first.Span));
    }
}
