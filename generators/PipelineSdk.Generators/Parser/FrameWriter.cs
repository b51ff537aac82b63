using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>Puts the lines of a segment's method in order, inside the blocks and scopes that are open around the user's statements.</summary>
/// <param name="loads">Declarations of the variables that come from other segments.</param>
/// <param name="opened">What segments before have opened already.</param>
internal sealed class FrameWriter(IReadOnlyList<(Variable Variable, string Text)> loads, IEnumerable<Frame> opened)
{
    private readonly List<StatementModel> lines = [];
    private readonly List<Frame> open = [];
    private readonly HashSet<Frame> before = [.. opened];
    private bool loaded;
    private bool begun;

    public IReadOnlyList<StatementModel> Lines => lines;

    private int Depth => open.Count(frame => frame.IsBlock);

    /// <summary>Adds a statement of the user's, inside its blocks.</summary>
    public void Add(Step step, StatementModel code)
    {
        Enter(step.Frames);
        lines.Add(code with { Depth = Depth });
    }

    /// <summary>Adds declarations that segments repeat.</summary>
    public void AddShared(IEnumerable<StatementModel> declarations)
    {
        LoadOuter();
        lines.AddRange(declarations.Select(line => line with { Depth = Depth }));
    }

    /// <summary>Adds what fills the output, moves that out of the scopes, and closes the blocks.</summary>
    public void End(IEnumerable<string> stores, string output)
    {
        LoadOuter();
        lines.AddRange(stores.Select(store => StatementModel.Generated(store, Depth)));
        var scopes = open.Select(frame => frame.Scope).OfType<string>().Reverse().ToList();
        if (scopes.Count > 0)
        {
            lines.Add(StatementModel.Generated(
                $"{Emitter.GeneratedFile.Contract}.SegmentScope.Keep({output}, {string.Join(", ", scopes)});", Depth));
        }
    }

    /// <summary>Closes what is open.</summary>
    public void Close() => Leave(0);

    private void Enter(IReadOnlyList<Frame> frames)
    {
        var same = 0;
        while (same < open.Count && same < frames.Count && open[same] == frames[same]) same++;
        Leave(same);
        LoadOuter();
        foreach (var frame in frames.Skip(same))
        {
            // What was opened before is opened again, out of the debugger's sight.
            var code = before.Contains(frame) ? frame.Open with { Span = null } : frame.Open;
            lines.Add(code with { Depth = Depth });
            if (frame.IsBlock && code.Text != "{") lines.Add(StatementModel.Generated("{", Depth));
            open.Add(frame);
            if (!begun) Load(frame);
        }

        begun = true;
    }

    private void LoadOuter()
    {
        if (!loaded) Load(null);
        loaded = true;
    }

    // A variable is declared in the block that the user declared it in, as another block may have one of the same name.
    private void Load(Frame? frame)
    {
        foreach (var (variable, text) in loads)
        {
            var home = variable.Position < 0 ? null : before.Where(outer => outer.IsBlock && outer.Node.Span.Contains(variable.Position))
                .OrderBy(outer => outer.Node.Span.Length).FirstOrDefault();
            if (home == frame) lines.Add(StatementModel.Generated(text, Depth));
        }
    }

    private void Leave(int depth)
    {
        while (open.Count > depth)
        {
            var frame = open[open.Count - 1];
            open.RemoveAt(open.Count - 1);
            if (frame.IsBlock) lines.Add(StatementModel.Generated("}", Depth));
        }
    }
}
