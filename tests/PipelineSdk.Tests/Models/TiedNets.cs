using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>A language model in small: what it reads with is what it writes with.</summary>
[Pipeline]
[TiedWeights("decoder.weight", "encoder.weight")]
public sealed partial class TiedNet : Module<Tensor, Tensor>
{
    private readonly Embedding encoder = Embedding(7, 4);
    private readonly Linear first = Linear(4, 8);
    private readonly Linear second = Linear(8, 4);
    private readonly Linear decoder = Linear(4, 7);

    public TiedNet()
        : base(nameof(TiedNet))
    {
        decoder.weight = new Parameter(encoder.weight!.detach());
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        var h = encoder.call(tokens);
        h = functional.relu(first.call(h));
        h = functional.relu(second.call(h));
        return decoder.call(h);
    }
}

/// <summary>The same without a word of it; <see cref="HowShared"/> says how the two names come to one weight.</summary>
[Pipeline]
public sealed partial class SecretlyTiedNet : Module<Tensor, Tensor>
{
    private readonly Linear encoder = Linear(4, 4);
    private readonly Linear middle = Linear(4, 4);
    private readonly Linear decoder = Linear(4, 4);

    public SecretlyTiedNet(HowShared how)
        : base(nameof(SecretlyTiedNet))
    {
        decoder.weight = how == HowShared.OneParameter ? encoder.weight : new Parameter(encoder.weight.detach());
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => decoder.call(middle.call(encoder.call(x)));
}

/// <summary>The same with a stage for each layer.</summary>
[Pipeline]
public sealed partial class SecretlyTiedPinnedNet : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear encoder = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear decoder = Linear(4, 4);

    public SecretlyTiedPinnedNet(HowShared how)
        : base(nameof(SecretlyTiedPinnedNet))
    {
        decoder.weight = how == HowShared.OneParameter ? encoder.weight : new Parameter(encoder.weight.detach());
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => decoder.call(encoder.call(x));
}

public enum HowShared
{
    OneParameter,
    OneStorage,
}

/// <summary>Declared, but not what it says: the attribute's names, and what the constructor does, are the test's.</summary>
[Pipeline]
[TiedWeights("decoder.weight", "encoder.weight")]
public sealed partial class WronglyTiedNet : Module<Tensor, Tensor>
{
    private readonly Embedding encoder = Embedding(7, 4);
    private readonly Linear decoder = Linear(4, 7);

    public WronglyTiedNet(bool oneLeaf)
        : base(nameof(WronglyTiedNet))
    {
        if (oneLeaf) decoder.weight = encoder.weight!;
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens) => decoder.call(encoder.call(tokens));
}

#pragma warning disable PSDK0030 // What the compiler says, the pipeline says again.
/// <summary>Names that no parameter has.</summary>
[Pipeline]
[TiedWeights("decoder.wieght", "encoder.weight")]
public sealed partial class MisnamedTiedNet : Module<Tensor, Tensor>
{
    private readonly Linear encoder = Linear(4, 4);
    private readonly Linear decoder = Linear(4, 4);

    public MisnamedTiedNet()
        : base(nameof(MisnamedTiedNet)) => RegisterComponents();

    public override Tensor forward(Tensor x) => decoder.call(encoder.call(x));
}
#pragma warning restore PSDK0030

/// <summary>A tied model as a part of another, whose stages may be cut in it.</summary>
[Pipeline]
public sealed partial class AroundTiedNet : Module<Tensor, Tensor>
{
    private readonly TiedNet inner = new();
    private readonly Linear head = Linear(7, 3);

    public AroundTiedNet()
        : base(nameof(AroundTiedNet)) => RegisterComponents();

    public override Tensor forward(Tensor tokens) => head.call(inner.call(tokens));
}
