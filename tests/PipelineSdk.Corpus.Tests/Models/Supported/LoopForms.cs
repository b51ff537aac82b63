using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Two lists zipped in a foreach, layers with their numbers, and a dictionary of layers.</summary>
[Pipeline]
public sealed partial class LoopForms : Module<Tensor, Tensor>
{
    [PipelineStages(1, 2)] private readonly ModuleList<Linear> mixers = ModuleList(Linear(6, 6), Linear(6, 6), Linear(6, 6));
    [PipelineStages(1, 2)] private readonly ModuleList<LayerNorm> norms = ModuleList(LayerNorm(6), LayerNorm(6), LayerNorm(6));
    [PipelineStages(2, 1, FirstStage = 1)] private readonly List<Linear> numbered = [Linear(6, 6), Linear(6, 6), Linear(6, 6)];
    [PipelineStages(1, 1, FirstStage = 2)] private readonly ModuleDict<Linear> named = ModuleDict(("up", Linear(6, 8)), ("down", Linear(8, 6)));
    [PipelineStages(1, 1, FirstStage = 3)] private readonly Sequential tail = Sequential(Linear(6, 6), Linear(6, 2));

    public LoopForms()
        : base(nameof(LoopForms))
    {
        foreach (var layer in numbered) register_module($"numbered{numbered.IndexOf(layer)}", layer);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        foreach (var (mixer, norm) in mixers.Zip(norms)) x = norm.forward(x + mixer.forward(x));
        var gates = new List<Tensor>();
        foreach (var (layer, i) in numbered.Select((layer, i) => (layer, i)))
        {
            if (i == numbered.Count - 1) x = x * 0.5;
            x = functional.silu(layer.forward(x)) + i;
            gates.Add(x.sigmoid());
        }

        foreach (var (name, layer) in named)
        {
            x = layer.forward(x);
            if (name == "down") x = x * gates[^1] + gates[0];
        }

        foreach (var i in Enumerable.Range(0, tail.Count)) x = tail[i].call(functional.tanh(x));
        return x;
    }
}

/// <summary>Elements named one by one, from both ends, in stages of their own.</summary>
[Pipeline]
public sealed partial class LoopFormsByIndex : Module<Tensor, Tensor>
{
    private const int Middle = 1;

    [PipelineStages(1, 1, 2)] private readonly ModuleList<Linear> blocks = ModuleList(Linear(4, 6), Linear(6, 6), Linear(6, 6), Linear(6, 2));

    public LoopFormsByIndex()
        : base(nameof(LoopFormsByIndex)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = blocks[0].forward(x).relu();
        var residual = x;
        x = blocks[Middle].forward(x).relu() + residual;
        return blocks[^1].forward(blocks[2].forward(x) + residual);
    }
}

/// <summary>A list without attributes between an embedding and a head, with a first round before the loop.</summary>
[Pipeline]
public sealed partial class LoopFormsOpen : Module<Tensor, Tensor>
{
    private readonly Linear embed = Linear(4, 6);
    private readonly ModuleList<Linear> blocks = ModuleList(Linear(6, 6), Linear(6, 6), Linear(6, 6));
    private readonly Linear[] zipped = [Linear(6, 6), Linear(6, 6), Linear(6, 6)];
    private readonly Linear head = Linear(6, 2);
    private readonly Dropout dropout = Dropout(0.0);

    public LoopFormsOpen()
        : base(nameof(LoopFormsOpen))
    {
        for (var i = 0; i < zipped.Length; i++) register_module($"zipped_{i}", zipped[i]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = embed.forward(x);
        var scale = 1.0f;
        for (int i = 0; blocks.Count > i; ++i)
        {
            scale /= 2;
            x = dropout.forward(blocks[i].forward(x).relu()) + zipped[i].forward(x) * scale;
        }

        return head.forward(x * scale);
    }
}

/// <summary>Loops that can't be divided stay whole where no stage is named: one that breaks, one inside an if, one around a shared layer.</summary>
[Pipeline]
public sealed partial class LoopFormsWhole : Module<Tensor, Tensor>
{
    private readonly Linear embed = Linear(4, 6);
    private readonly ModuleList<Linear> first = ModuleList(Linear(6, 6), Linear(6, 6));
    private readonly ModuleList<Linear> second = ModuleList(Linear(6, 6), Linear(6, 6));
    private readonly ModuleList<Linear> third = ModuleList(Linear(6, 6), Linear(6, 6));
    private readonly LayerNorm shared = LayerNorm(6);
    private readonly Linear head = Linear(6, 2);

    public LoopFormsWhole()
        : base(nameof(LoopFormsWhole)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = embed.forward(x);
        foreach (var layer in first)
        {
            x = layer.forward(x);
            if (x.shape[^1] == 7) break;
        }

        if (x.ndim > 1)
        {
            foreach (var layer in second) x = layer.forward(x);
        }

        for (var i = third.Count - 1; i >= 0; i--) x = shared.forward(third[i].forward(x));
        return head.forward(x);
    }
}

internal static partial class Samples
{
    public static CorpusCase LoopForms => CorpusCase.Of(() => new LoopForms(), n => randn(n, 6), n => randn(n, 2));

    public static CorpusCase LoopFormsByIndex => CorpusCase.Of(() => new LoopFormsByIndex(), n => randn(n, 4), n => randn(n, 2));

    public static CorpusCase LoopFormsOpen => CorpusCase.Of(() => new LoopFormsOpen(), n => randn(n, 4), n => randn(n, 2));

    public static CorpusCase LoopFormsWhole => CorpusCase.Of(() => new LoopFormsWhole(), n => randn(n, 4), n => randn(n, 2));
}
