using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.CodeFixes.Editing;
using PipelineSdk.Generators.Parser;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Marks a class whose members are placed as a pipeline, and makes it and the types around it partial.</summary>
internal sealed class MarkPipeline() : Remedy("Mark classes with placed members [Pipeline]")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        var stray = await document.FindAsync<AttributeSyntax>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);
        if (await document.TypeAroundAsync(stray, cancellation).ConfigureAwait(false) is not var (type, semantics)) return null;

        // Anything else would only trade this diagnostic for another.
        if (!TorchTypes.IsCallableModule(type) || ForwardMethod.Find(type, semantics.Compilation, cancellation) is null) return null;
        for (var around = type; around is not null; around = around.ContainingType)
        {
            if (around.IsFileLocal) return null;
        }

        // One declaration for all strays of a class that has several parts.
        if (document.Project.DeclarationsOf(type, cancellation).FirstOrDefault() is not { Document: { } home, Syntax: { } declaration }) return null;
        var text = await home.GetTextAsync(cancellation).ConfigureAwait(false);
        var first = declaration.GetFirstToken();
        var line = text.Lines.GetLineFromPosition(first.SpanStart);
        var before = text.ToString(TextSpan.FromBounds(line.Start, first.SpanStart));
        var isFirst = string.IsNullOrWhiteSpace(before);
        var lineBreak = text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak));
        if (lineBreak.Length == 0) lineBreak = "\n";

        var homeSemantics = await home.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        var name = AttributeNaming.NameOf(homeSemantics!, declaration.SpanStart, AttributeNames.Pipeline);
        var edit = new SolutionEdit();
        edit.Insert(home, first.SpanStart, isFirst ? $"[{name}]{lineBreak}{before}" : $"[{name}] ");
        edit.MakePartial(document.Project, type, cancellation);
        return new Repair($"Mark '{type.Name}' [Pipeline]", edit);
    }
}
