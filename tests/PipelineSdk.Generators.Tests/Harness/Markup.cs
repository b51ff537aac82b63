using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>Source in which <c>{|PSDK0007:text|}</c> marks a place where a diagnostic is expected.</summary>
internal sealed record Markup(string Source, IReadOnlyList<(string Id, TextSpan Span)> Expected)
{
    public static Markup Parse(string marked)
    {
        var source = new StringBuilder();
        var expected = new List<(string, TextSpan)>();
        var open = new Stack<(string Id, int Start)>();
        for (var i = 0; i < marked.Length; i++)
        {
            if (marked.AsSpan(i).StartsWith("{|PSDK"))
            {
                open.Push((marked.Substring(i + 2, 8), source.Length));
                i += 10;
            }
            else if (marked.AsSpan(i).StartsWith("|}"))
            {
                var (id, start) = open.Pop();
                expected.Add((id, TextSpan.FromBounds(start, source.Length)));
                i++;
            }
            else
            {
                source.Append(marked[i]);
            }
        }

        return new Markup(source.ToString(), expected);
    }
}
