using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A lazily evaluated sequence would run layers of the first stage in the second.</summary>
[Pipeline]
public sealed partial class LazySequence : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly ModuleList<Linear> branches = ModuleList(Linear(4, 4), Linear(4, 4));
    [PipelineStage(1)] private readonly Linear join = Linear(8, 2);

    public LazySequence()
        : base(nameof(LazySequence)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var results = branches.Select(branch => branch.forward(x));
        return join.forward(cat(results.ToArray(), 1)); // PSDK0009: results
    }
}
