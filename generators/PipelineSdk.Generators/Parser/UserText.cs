using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Reads the user's text verbatim, without the preprocessor's directives and with edits.</summary>
internal sealed class UserText
{
    private readonly SyntaxTree tree;
    private readonly SourceText text;
    private readonly List<TextSpan> blanks = [];
    private readonly List<TextSpan> literals = [];

    public UserText(SyntaxNode body)
    {
        tree = body.SyntaxTree;
        text = tree.GetText();
        foreach (var trivia in body.DescendantTrivia())
        {
            if (trivia.IsDirective || trivia.IsKind(SyntaxKind.DisabledTextTrivia)) blanks.Add(trivia.Span);
        }

        foreach (var token in body.DescendantTokens())
        {
            if (token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
                or SyntaxKind.InterpolatedStringTextToken && token.Text.IndexOf('\n') >= 0)
            {
                literals.Add(token.Span);
            }
        }
    }

    /// <summary>The text of <paramref name="span"/> with <paramref name="edits"/> made.</summary>
    public string Read(TextSpan span, IEnumerable<Edit>? edits = null)
    {
        var changes = (edits ?? []).Concat(blanks.Where(blank => span.Contains(blank)).Select(blank => new Edit(blank, Blank(blank))))
            .OrderBy(edit => edit.Span.Start);
        var result = new StringBuilder();
        var position = span.Start;
        foreach (var change in changes)
        {
            if (change.Span.Start < position) continue;
            result.Append(text.ToString(TextSpan.FromBounds(position, change.Span.Start))).Append(change.Text);
            position = change.Span.End;
        }

        result.Append(text.ToString(TextSpan.FromBounds(position, span.End)));
        return literals.Any(literal => span.Contains(literal)) ? result.ToString() : result.Replace("\r\n", "\n").ToString();
    }

    /// <summary>Where <paramref name="span"/> stands, counted from 1, whatever <c>#line</c> directives the user's file has.</summary>
    public SourceSpan Locate(TextSpan span)
    {
        var lines = text.Lines.GetLinePositionSpan(span);
        return new SourceSpan(lines.Start.Line + 1, lines.Start.Character + 1, lines.End.Line + 1, lines.End.Character + 1);
    }

    // Line breaks stay, so that the lines after a directive keep their numbers.
    private string Blank(TextSpan span) => new('\n', text.ToString(span).Count(character => character == '\n'));
}
