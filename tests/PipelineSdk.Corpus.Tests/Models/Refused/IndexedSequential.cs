using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A split Sequential whose elements are also called one by one.</summary>
[Pipeline]
public sealed partial class IndexedSequential : Module<Tensor, Tensor>
{
    [PipelineStages(2, 2)]
    private readonly Sequential layers = Sequential(Linear(4, 4), ReLU(), Linear(4, 4), ReLU());

    public IndexedSequential()
        : base(nameof(IndexedSequential)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = layers.forward(x);
        return layers[0].call(x); // PSDK0005: layers[0]
    }
}
