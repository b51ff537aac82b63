using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A frozen backbone under no_grad over two stages, a scope around everything, blocks with locals of the same name.</summary>
[Pipeline]
public sealed partial class ScopeForms : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 6);
    [PipelineStage(1)] private readonly Linear b = Linear(6, 6);
    [PipelineStage(1)] private readonly Linear c = Linear(6, 6);
    [PipelineStage(2)] private readonly Linear d = Linear(6, 6);
    [PipelineStage(3)] private readonly Linear e = Linear(6, 2);

    public ScopeForms()
        : base(nameof(ScopeForms)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        using var outer = torch.NewDisposeScope();
        Tensor features;
        using (no_grad())
        {
            var h = functional.relu(a.forward(x));
            features = functional.relu(b.forward(h)) + h;
        }

        {
            var h = c.forward(features);
            var g = h.sigmoid();
            features = functional.relu(d.forward(h)) * g;
        }

        checked
        {
            var rows = (int)features.shape[0];
            features = e.forward(features) * (rows / rows);
        }

        return features.MoveToOuterDisposeScope();
    }
}

/// <summary>A scope with a loop that is split inside it, and a scope in every round.</summary>
[Pipeline]
public sealed partial class ScopeFormsInLoop : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear embed = Linear(4, 6);
    [PipelineStages(1, 1, 1)] private readonly ModuleList<Linear> layers = ModuleList(Linear(6, 6), Linear(6, 6), Linear(6, 6));
    [PipelineStage(2)] private readonly Linear head = Linear(6, 2);

    public ScopeFormsInLoop()
        : base(nameof(ScopeFormsInLoop)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var skips = new List<Tensor>();
        var h = embed.forward(x);
        foreach (var layer in layers)
        {
            using var inner = NewDisposeScope();
            var next = functional.relu(layer.forward(h)) + h;
            skips.Add(next.MoveToOuterDisposeScope());
            h = next;
        }

        using var sum = skips.Aggregate((left, right) => left + right);
        return scope.MoveToOuter(head.forward(sum * h));
    }
}

/// <summary>The result is what an earlier stage computed and the last one only moves out of its scope.</summary>
[Pipeline]
public sealed partial class ScopeFormsPassing : Module<Tensor, (Tensor Deep, Tensor Shallow)>
{
    [PipelineStage(0)] private readonly Linear one = Linear(4, 6);
    [PipelineStage(1)] private readonly Linear two = Linear(6, 2);

    public ScopeFormsPassing()
        : base(nameof(ScopeFormsPassing)) => RegisterComponents();

    public override (Tensor Deep, Tensor Shallow) forward(Tensor x)
    {
        using (var scope = NewDisposeScope())
        {
            var shallow = one.forward(x);
            var deep = two.forward(shallow.relu());
            return (scope.MoveToOuter(deep), shallow.MoveToOuterDisposeScope());
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase ScopeForms => CorpusCase.Of(() => new ScopeForms(), n => randn(n, 4), n => randn(n, 2));

    public static CorpusCase ScopeFormsInLoop => CorpusCase.Of(() => new ScopeFormsInLoop(), n => randn(n, 4), n => randn(n, 2));

    public static CorpusCase ScopeFormsPassing => CorpusCase.Of(
        () => new ScopeFormsPassing(),
        (m, x) => m.forward(x.T(0)),
        n => [randn(n, 4)],
        n => randn(n, 2),
        (r, y) => Losses.Mse(r.Deep, y) + r.Shallow.pow(2).mean());
}
