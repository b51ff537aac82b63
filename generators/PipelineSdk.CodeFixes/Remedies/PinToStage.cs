using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.CodeFixes.Editing;
using PipelineSdk.Generators.Parser;
using PipelineSdk.Generators.Parser.Checks;

namespace PipelineSdk.CodeFixes.Remedies;

/// <summary>Pins a member that has no stage to the one it runs in.</summary>
internal sealed class PinToStage() : Remedy("Pin members without a stage to the stages they run in")
{
    public override async Task<Repair?> ProposeAsync(Document document, Diagnostic diagnostic, CancellationToken cancellation)
    {
        if (!diagnostic.Properties.TryGetValue(StageByPosition.Stage, out var stage)) return null;
        var declaration = await document.FindAsync<MemberDeclarationSyntax>(diagnostic.Location.SourceSpan, cancellation).ConfigureAwait(false);
        var name = declaration switch
        {
            // Several fields in one declaration share their attributes.
            FieldDeclarationSyntax { Declaration.Variables: { Count: 1 } variables } => variables[0].Identifier.ValueText,
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            _ => null,
        };
        var semantics = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        if (name is null || declaration is null || semantics is null) return null;

        var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
        var attribute = AttributeNaming.NameOf(semantics, declaration.SpanStart, AttributeNames.PipelineStage);
        var edit = new SolutionEdit();
        edit.Insert(document, declaration.SpanStart, $"[{attribute}({stage})]{Separator(declaration, text)}");
        return new Repair($"Pin '{name}' to stage {stage}", edit);
    }

    // As the first attribute of the class's other members stands: on a line of its own, or before the declaration.
    private static string Separator(MemberDeclarationSyntax declaration, SourceText text)
    {
        var model = declaration.Parent?.ChildNodes().OfType<MemberDeclarationSyntax>()
            .FirstOrDefault(member => member is FieldDeclarationSyntax or PropertyDeclarationSyntax && member.AttributeLists.Count > 0);
        if (model is null) return " ";
        var list = model.AttributeLists[0];
        if (Line(list.Span.End) == Line(list.GetLastToken().GetNextToken().SpanStart)) return " ";
        var line = text.Lines.GetLineFromPosition(declaration.SpanStart);
        var indentation = text.ToString(TextSpan.FromBounds(line.Start, declaration.SpanStart));
        return string.IsNullOrWhiteSpace(indentation) ? text.ToString(TextSpan.FromBounds(line.End, line.EndIncludingLineBreak)) + indentation : " ";

        int Line(int position) => text.Lines.GetLineFromPosition(position).LineNumber;
    }
}
