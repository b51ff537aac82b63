using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>An input record with a part that may be missing, a dictionary of lists, a stack of pairs, and a class as result.</summary>
[Pipeline]
public sealed partial class RecordsAndCollections : Module<Sentence, Scored>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear third = Linear(4, 4);

    public RecordsAndCollections()
        : base(nameof(RecordsAndCollections)) => RegisterComponents();

    public override Scored forward(Sentence input)
    {
        var h = first.forward(input.Tokens);
        var features = new Dictionary<string, List<Tensor>> { ["first"] = [input.Tokens * 2, h.relu()], ["none"] = [] };
        var open = new Stack<(Tensor Left, int Weight)?>();
        open.Push((input.Tokens + 1, 2));
        open.Push(null);
        h = second.forward(features["first"][1]);
        features["second"] = [h];
        h = third.forward(h);
        open.Pop();
        var left = open.Pop()!.Value;
        if (input.Extra is { } extra) h = h * extra.Mask + extra.Shift;
        return new Scored(h + features["first"][0], features) { Side = left.Left * left.Weight };
    }
}

/// <summary>An input.</summary>
public record Sentence(Tensor Tokens, Extra? Extra = null);

/// <summary>What may come with it.</summary>
public sealed class Extra
{
    public Extra(Tensor mask) => Mask = mask;

    public Tensor Mask { get; }

    public double Shift { get; init; }
}

/// <summary>A result.</summary>
public sealed class Scored(Tensor scores, IReadOnlyDictionary<string, List<Tensor>> features)
{
    public Tensor Scores { get; } = scores;

    public IReadOnlyDictionary<string, List<Tensor>> Features => features;

    public required Tensor Side { get; init; }
}
