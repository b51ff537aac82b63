using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace PipelineSdk.CodeFixes.Editing;

/// <summary>Changes to the documents of a solution, of one repair or of many at once.</summary>
/// <remarks>
/// Changes of text, not of trees: what is not changed keeps its layout and comments. All positions are those of the solution
/// before any change, so repairs can be collected one after another; the same change twice is made once.
/// </remarks>
internal sealed class SolutionEdit
{
    private readonly Dictionary<DocumentId, List<TextChange>> changes = [];
    private readonly Dictionary<DocumentId, HashSet<TextSpan>> removedAttributes = [];

    public bool IsEmpty => changes.Count == 0 && removedAttributes.Count == 0;

    public void Insert(Document document, int position, string text) => Replace(document, new TextSpan(position, 0), text);

    public void Replace(Document document, TextSpan span, string text)
    {
        var list = ListOf(document.Id);
        var change = new TextChange(span, text);
        if (!list.Contains(change)) list.Add(change);
    }

    /// <summary>Removes an attribute, and its brackets with the last one in them.</summary>
    public void Remove(Document document, AttributeSyntax attribute)
    {
        if (!removedAttributes.TryGetValue(document.Id, out var spans)) removedAttributes[document.Id] = spans = [];
        spans.Add(attribute.Span);
    }

    public void Add(SolutionEdit other)
    {
        foreach (var pair in other.changes)
        {
            var list = ListOf(pair.Key);
            list.AddRange(pair.Value.Where(change => !list.Contains(change)));
        }

        foreach (var pair in other.removedAttributes)
        {
            if (!removedAttributes.TryGetValue(pair.Key, out var spans)) removedAttributes[pair.Key] = spans = [];
            spans.UnionWith(pair.Value);
        }
    }

    public async Task<Solution> ApplyAsync(Solution solution, CancellationToken cancellation)
    {
        var result = solution;
        foreach (var id in changes.Keys.Union(removedAttributes.Keys))
        {
            var document = solution.GetDocument(id)!;
            var text = await document.GetTextAsync(cancellation).ConfigureAwait(false);
            IEnumerable<TextChange> all = changes.TryGetValue(id, out var list) ? list : [];
            if (removedAttributes.TryGetValue(id, out var spans))
            {
                var root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
                all = all.Concat(AttributeRemoval.Of(root!, text, spans));
            }

            // Sorting is stable: of two insertions at one place the first made comes first.
            result = result.WithDocumentText(id, text.WithChanges(all.OrderBy(change => change.Span.Start)));
        }

        return result;
    }

    private List<TextChange> ListOf(DocumentId id)
    {
        if (!changes.TryGetValue(id, out var list)) changes[id] = list = [];
        return list;
    }
}
