using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>A base class of the user's own with a layer and a helper that the model uses.</summary>
public abstract class EncoderBase : Module<Tensor, Tensor>
{
    [PipelineStage(0)] protected readonly Linear embed = Linear(4, 4);

    protected EncoderBase(string name)
        : base(name)
    {
    }

    protected Tensor Embed(Tensor x) => functional.relu(embed.forward(x));
}

/// <summary>The model; its parts are spread over two declarations.</summary>
[Pipeline]
public sealed partial class Inherited : EncoderBase
{
    [PipelineStage(1)] private readonly Linear head = Linear(4, 2);

    public Inherited()
        : base(nameof(Inherited)) => RegisterComponents();
}

/// <summary>The part with forward.</summary>
public sealed partial class Inherited
{
    public override Tensor forward(Tensor x) => head.forward(Embed(x));
}
