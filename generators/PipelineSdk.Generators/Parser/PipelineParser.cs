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
        try
        {
            var (model, forward) = Parse(context, diagnostics, cancellation);
            return new ParseResult(model, forward, diagnostics.ToEquatableArray());
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            var frame = exception.StackTrace?.Split('\n').FirstOrDefault()?.Trim() ?? "no stack trace";
            return new ParseResult(null, null, new EquatableArray<Diagnostic>(
            [
                Diagnostic.Create(
                    DiagnosticCatalogue.InternalError,
                    (context.TargetNode as TypeDeclarationSyntax)?.Identifier.GetLocation() ?? Location.None,
                    context.TargetSymbol.Name,
                    exception.GetType().Name,
                    exception.Message,
                    frame),
            ]));
        }
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

        var type = TypeParser.Parse(model, syntax, diagnostics, cancellation);
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
        var forward = ForwardMethod.Find(model, compilation, cancellation);
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
        if (diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) return (placeholder, null);

        var names = new GeneratedNames(context.SemanticModel, syntax.OpenBraceToken.Span.End, model);
        var (models, problems) = ForwardCutter.Cut(type, forward, table, facts, names, cancellation);
        if (models is var (built, statements)) return (built, statements);
        diagnostics.AddRange(problems.Select(problem => problem.Diagnostic).Distinct());
        return (placeholder, null);
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
