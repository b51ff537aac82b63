using PipelineSdk.Model;
using PipelineSdk.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>A run of neighbouring segments, run as one. Owns no module and no parameter.</summary>
internal sealed class Stage<TModel>
    where TModel : nn.Module
{
    private readonly TModel model;
    private readonly IReadOnlyList<PipelineSegment<TModel>> segments;
    private readonly int firstSegment;
    private readonly PipelineRandom? random;
    private readonly Boundary[] inner;
    private readonly LeafGuard<TModel> guard = new();

    /// <param name="index">The stage's number.</param>
    /// <param name="model">The model.</param>
    /// <param name="segments">The segments, in order.</param>
    /// <param name="firstSegment">The number of the first of them, counted over the model.</param>
    /// <param name="random">Gives segments their random numbers; null where they draw as they come.</param>
    public Stage(int index, TModel model, IReadOnlyList<PipelineSegment<TModel>> segments, int firstSegment = 0, PipelineRandom? random = null)
    {
        this.firstSegment = firstSegment;
        this.random = random;
        Index = index;
        this.model = model;
        this.segments = segments;
        Name = StageLayout.Name(segments);
        inner = [.. segments.SkipLast(1).Select(segment => segment.CreateOutput())];
        Parameters = SegmentParameters.Of(model, segments);
        var members = StageMembers.Of(model, segments);
        Modules = members.Modules;
        Buffers = new StageBuffers(members.AllModules, members.OwnBuffers);
    }

    public int Index { get; }

    public string Name { get; }

    public IReadOnlyList<PipelineSegment<TModel>> Segments => segments;

    /// <summary>The parameters the stage's statements use, with the names they have in <c>state_dict</c>.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters { get; }

    /// <summary>The modules that the stage's statements use, those within others too.</summary>
    public IReadOnlyList<(string Name, nn.Module Module)> Modules { get; }

    /// <summary>The buffers that the forward may change.</summary>
    public StageBuffers Buffers { get; }

    public Boundary CreateOutput() => segments[^1].CreateOutput();

    /// <summary>Runs the segments. Inputs that require a gradient are leaves: segments that use them get a copy that may be changed in place.</summary>
    /// <param name="input">What the stage received; afterwards it may hold something else.</param>
    /// <param name="output">To be filled.</param>
    /// <param name="leaves">The tensors of <paramref name="input"/>.</param>
    /// <param name="microBatch">The micro-batch.</param>
    /// <param name="held">Takes copies of what must survive the segments; null where nothing must.</param>
    public void Forward(Boundary input, Boundary output, List<Tensor?> leaves, int microBatch = 0, ReceivedValues? held = null)
    {
        try
        {
            for (var i = 0; i < segments.Count; i++)
            {
                var from = i == 0 ? input : inner[i - 1];
                var to = i == segments.Count - 1 ? output : inner[i];
                guard.Protect(segments[i], from, leaves, held);
                using var turn = random?.Take(firstSegment + i, microBatch) ?? default;
                segments[i].Forward(model, from, to);
                turn.Completed();
            }
        }
        finally
        {
            foreach (var boundary in inner) boundary.Clear();
        }
    }
}
