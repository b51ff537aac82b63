using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.CodeFixes.Editing;

/// <summary>Takes attributes out of a document so that no empty brackets, commas or lines are left, and every comment is.</summary>
internal static class AttributeRemoval
{
    public static IEnumerable<TextChange> Of(SyntaxNode root, SourceText text, IEnumerable<TextSpan> attributes)
    {
        var removed = attributes.Select(span => root.FindNode(span, getInnermostNodeForTie: true).FirstAncestorOrSelf<AttributeSyntax>())
            .OfType<AttributeSyntax>()
            .ToList();
        foreach (var group in removed.GroupBy(attribute => (AttributeListSyntax)attribute.Parent!))
        {
            var gone = new HashSet<AttributeSyntax>(group);
            var spans = group.Key.Attributes.All(gone.Contains) ? [WholeList(group.Key, text)] : Elements(group.Key, gone);
            foreach (var span in spans) yield return new TextChange(span, "");
        }
    }

    // Each with the comma that joins it to its neighbour: the one before it, if anything before it stays.
    private static IEnumerable<TextSpan> Elements(AttributeListSyntax list, HashSet<AttributeSyntax> gone)
    {
        var kept = false;
        for (var i = 0; i < list.Attributes.Count; i++)
        {
            var attribute = list.Attributes[i];
            if (!gone.Contains(attribute)) kept = true;
            else if (kept) yield return TextSpan.FromBounds(list.Attributes[i - 1].Span.End, attribute.Span.End);
            else yield return TextSpan.FromBounds(attribute.SpanStart, list.Attributes[i + 1].SpanStart);
        }
    }

    private static TextSpan WholeList(AttributeListSyntax list, SourceText text)
    {
        var line = text.Lines.GetLineFromPosition(list.SpanStart);
        var isFirst = string.IsNullOrWhiteSpace(text.ToString(TextSpan.FromBounds(line.Start, list.SpanStart)));
        var end = list.Span.End;
        foreach (var trivia in list.GetTrailingTrivia().Concat(list.GetLastToken().GetNextToken().LeadingTrivia))
        {
            if (trivia.IsKind(SyntaxKind.WhitespaceTrivia) || (isFirst && trivia.IsKind(SyntaxKind.EndOfLineTrivia))) end = trivia.Span.End;
            else break;
        }

        // Alone on its lines: they go, and what follows keeps its own indentation.
        var next = text.Lines.GetLineFromPosition(end);
        if (isFirst && next.Start > list.Span.End) return TextSpan.FromBounds(line.Start, next.Start);

        // At the end of a line after something else: no blank before the line break.
        var start = list.SpanStart;
        if (!isFirst && end == next.End)
        {
            while (start > line.Start && text[start - 1] is ' ' or '\t') start--;
        }

        return TextSpan.FromBounds(start, end);
    }
}
