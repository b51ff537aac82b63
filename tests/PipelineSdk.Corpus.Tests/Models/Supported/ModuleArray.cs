using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Layers in an array, registered by hand in a loop, called in a foreach.</summary>
[Pipeline]
public sealed partial class ModuleArray : Module<Tensor, Tensor>
{
    [PipelineStages(1, 2)] private readonly Linear[] hidden;
    [PipelineStage(1)] private readonly Linear head;

    public ModuleArray()
        : base(nameof(ModuleArray))
    {
        hidden = [Linear(4, 6), Linear(6, 6), Linear(6, 6)];
        head = Linear(6, 2);
        for (var i = 0; i < hidden.Length; i++) register_module($"hidden{i}", hidden[i]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        foreach (var layer in hidden) x = functional.relu(layer.forward(x));
        return head.forward(x);
    }
}

internal static partial class Samples
{
    public static CorpusCase ModuleArray => CorpusCase.Of(() => new ModuleArray(), n => randn(n, 4), n => randn(n, 2));
}
