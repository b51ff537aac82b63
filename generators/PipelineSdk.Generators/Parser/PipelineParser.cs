using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Model;
using PipelineSdk.Generators.Parser.Checks;

namespace PipelineSdk.Generators.Parser;

/// <summary>Parses one <c>[Pipeline]</c> class.</summary>
internal static class PipelineParser
{
    /// <param name="syntax">The declaration that carries the attribute.</param>
    /// <param name="semantics">What its file means.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static ParseResult Parse(TypeDeclarationSyntax syntax, SemanticModel semantics, CancellationToken cancellation)
        => ParseCache.GetOrAdd(syntax, semantics, ParseAnew, cancellation);

    private static ParseResult ParseAnew(
        INamedTypeSymbol model, TypeDeclarationSyntax syntax, SemanticModel semantics, CancellationToken cancellation)
    {
        var diagnostics = new List<Diagnostic>();
        var cuts = new List<CutReport>();
        var models = InternalError.Guard(
            model.Name,
            syntax.Identifier.GetLocation(),
            () => Tuple.Create(Parse(model, syntax, semantics.Compilation, diagnostics, cuts, cancellation)),
            diagnostics.Add);
        var attribute = AttributeOn(model, syntax);
        return new ParseResult(
            models?.Item1.Model is { } cut && attribute is not null ? cut with { Defaults = PipelineArguments.Read(attribute) } : null,
            models?.Item1.Forward,
            diagnostics.Select(diagnostic => new ReportedDiagnostic(diagnostic)).ToEquatableArray(),
            cuts.ToEquatableArray(),
            attribute is null ? null : PipelineArguments.Locate(model, syntax, attribute, cancellation));
    }

    private static (PipelineModel? Model, ForwardModel? Forward) Parse(
        INamedTypeSymbol model,
        TypeDeclarationSyntax syntax,
        Compilation compilation,
        List<Diagnostic> diagnostics,
        List<CutReport> reports,
        CancellationToken cancellation)
    {
        if (AttributeOn(model, syntax) is null) return default;

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

        var source = new ClassSource(model, forward, cancellation);
        SequentialMembers.Recognise(source, table);
        var facts = new BodyFacts(forward, table, cancellation);
        if (facts.IsBroken) return (placeholder, null);
        StageNumbers.Check(table, facts, diagnostics);
        UnregisteredModules.Check(source, facts, table, diagnostics);
        LateAssignments.Check(source, table, diagnostics);
        TiedNamesCheck.Check(model, source, diagnostics, cancellation);
        CheckValues(forward, diagnostics);
        diagnostics.AddRange(facts.OutsideReach.Select(item => Diagnostic.Create(
            DiagnosticCatalogue.UnsupportedContainer, item.Name.GetLocation(), model.Name, item.Reason)));
        if (diagnostics.Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)) return (placeholder, null);

        var (models, cuts, problems) = ForwardCutter.Cut(model, type, forward, table, facts, cancellation);
        if (models is var (built, statements))
        {
            StageByPosition.Check(model, table, cuts, diagnostics);
            RandomMasks.Check(forward, source, facts, table, cuts, diagnostics);
            BatchStatistics.Check(source, facts, table, diagnostics);
            reports.AddRange(CutWidths.Of(cuts, built));
            return (built, statements);
        }

        diagnostics.AddRange(problems.Select(problem => problem.Diagnostic).Distinct());
        return (placeholder, null);
    }

    private static void CheckValues(ForwardMethod forward, List<Diagnostic> diagnostics)
    {
        var crossing = new Crossing(forward);
        foreach (var parameter in forward.Symbol.Parameters)
        {
            Check(
                crossing.Refuse(parameter.Type),
                parameter.Locations.FirstOrDefault() ?? forward.Syntax.Identifier.GetLocation(),
                $"input '{parameter.Name}'",
                "divided into");
        }

        Check(crossing.Refuse(forward.Symbol.ReturnType), forward.Syntax.ReturnType.GetLocation(), "result", "put together from");

        void Check((string? Reason, string Remedy) refusal, Location location, string what, string how)
        {
            if (refusal.Reason is null) return;
            diagnostics.Add(Diagnostic.Create(
                DiagnosticCatalogue.InputNotDivisible, location, what, how, refusal.Reason, refusal.Remedy));
        }
    }

    // The attribute twice is the compiler's error; the class is generated once. An attribute of the same name may be another one.
    private static AttributeData? AttributeOn(INamedTypeSymbol model, TypeDeclarationSyntax syntax)
        => model.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == AttributeNames.Pipeline) is { } first
            && first.ApplicationSyntaxReference is { } reference && reference.SyntaxTree == syntax.SyntaxTree && syntax.Span.Contains(reference.Span)
                ? first
                : null;
}
