using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace PipelineSdk.Corpus.Tests;

/// <summary>
/// A diagnostic with the code it underlines, as a model's source announces it at the end of a line: <c>// PSDK0007: second</c>.
/// </summary>
internal sealed partial record ExpectedDiagnostic(int Line, string Id, string Underlined)
{
    public static IReadOnlyList<ExpectedDiagnostic> AnnouncedIn(string source) =>
    [
        .. source.Split('\n').SelectMany((line, i) => Announcement().Matches(line)
            .Select(match => new ExpectedDiagnostic(i + 1, match.Groups[1].Value, match.Groups[2].Value))),
    ];

    public static ExpectedDiagnostic Of(Diagnostic diagnostic)
    {
        var span = diagnostic.Location.SourceSpan;
        var text = diagnostic.Location.SourceTree?.ToString().Substring(span.Start, span.Length) ?? "";
        return new ExpectedDiagnostic(diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1, diagnostic.Id, text);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}: {Id}: {Underlined}");

    [GeneratedRegex(@"// (PSDK\d{4}): (.+?)\s*(?=// PSDK|$)")]
    private static partial Regex Announcement();
}
