using PipelineSdk.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>A run of neighbouring segments, run as one. Owns no module and no parameter.</summary>
internal sealed class Stage<TModel>
    where TModel : nn.Module
{
    private readonly TModel model;
    private readonly IReadOnlyList<PipelineSegment<TModel>> segments;
    private readonly Boundary[] inner;
    private readonly LeafGuard guard = new();

    public Stage(int index, TModel model, IReadOnlyList<PipelineSegment<TModel>> segments)
    {
        Index = index;
        this.model = model;
        this.segments = segments;
        Name = StageLayout.Name(segments);
        inner = [.. segments.SkipLast(1).Select(segment => segment.CreateOutput())];
        Parameters = SegmentParameters.Of(model, segments);
    }

    public int Index { get; }

    public string Name { get; }

    public IReadOnlyList<PipelineSegment<TModel>> Segments => segments;

    /// <summary>The parameters the stage's statements use, with the names they have in <c>state_dict</c>.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters { get; }

    public Boundary CreateOutput() => segments[^1].CreateOutput();

    /// <summary>Runs the segments. Inputs that require a gradient are leaves: segments that use them get a copy that may be changed in place.</summary>
    public void Forward(Boundary input, Boundary output, List<Tensor?> leaves)
    {
        try
        {
            for (var i = 0; i < segments.Count; i++)
            {
                var from = i == 0 ? input : inner[i - 1];
                var to = i == segments.Count - 1 ? output : inner[i];
                guard.Protect(segments[i], from, leaves);
                segments[i].Forward(model, from, to);
            }
        }
        finally
        {
            foreach (var boundary in inner) boundary.Clear();
        }
    }

    /// <summary>
    /// libtorch refuses in-place operations on a leaf that requires a gradient, and on a view of one; and the sender may still need the
    /// values. A clone is neither. Values that a segment never mentions need none.
    /// </summary>
    private sealed class LeafGuard : ITensorVisitor
    {
        private readonly List<(Tensor Leaf, Tensor Copy)> copies = [];
        private PipelineSegment<TModel> segment = null!;
        private List<Tensor?> leaves = null!;
        private bool replacing;

        public void Protect(PipelineSegment<TModel> next, Boundary boundary, List<Tensor?> stageLeaves)
        {
            segment = next;
            leaves = stageLeaves;
            copies.Clear();
            replacing = false;
            boundary.VisitTensors(this);
            if (copies.Count == 0) return;
            replacing = true;
            boundary.VisitTensors(this);
            copies.Clear();
        }

        public void Visit(int slot, ref Tensor? tensor)
        {
            if (tensor is null) return;
            var copy = Find(tensor);
            if (replacing)
            {
                if (copy is not null) tensor = copy;
            }
            else if (copy is null && segment.Uses(slot) && tensor.requires_grad && SameTensor.IndexIn(leaves, tensor) >= 0)
            {
                copies.Add((tensor, tensor.clone()));
            }
        }

        private Tensor? Find(Tensor leaf)
        {
            foreach (var (known, copy) in copies)
            {
                if (ReferenceEquals(known, leaf)) return copy;
            }

            return null;
        }
    }
}
