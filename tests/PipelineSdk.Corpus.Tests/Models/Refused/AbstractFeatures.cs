using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Input and value across the cut are known by a base class and an interface only.</summary>
[Pipeline]
public sealed partial class AbstractFeatures : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);

    public AbstractFeatures()
        : base(nameof(AbstractFeatures)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        IFeatures features = new Plain(a.forward(x));
        Base other = new Plain(x);
        x = b.forward(features.Hidden) // PSDK0009: features
            + other.Hidden; // PSDK0009: other
        return x;
    }

    internal interface IFeatures
    {
        Tensor Hidden { get; }
    }

    internal abstract record Base(Tensor Hidden) : IFeatures;

    internal sealed record Plain(Tensor Hidden) : Base(Hidden);
}
