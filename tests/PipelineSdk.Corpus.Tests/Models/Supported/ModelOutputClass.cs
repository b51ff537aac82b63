using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Input and result are classes of the user's own, as ports of larger libraries have them.</summary>
[Pipeline]
public sealed partial class ModelOutputClass : Module<DecoderInput, DecoderOutput>
{
    [PipelineStage(0)] private readonly Embedding embed = Embedding(9, 8);
    [PipelineStage(0)] private readonly EncoderLayer layer0 = new(8, 2);
    [PipelineStage(1)] private readonly EncoderLayer layer1 = new(8, 2);
    [PipelineStage(1)] private readonly Linear lm_head = Linear(8, 9);

    public ModelOutputClass()
        : base(nameof(ModelOutputClass)) => RegisterComponents();

    public override DecoderOutput forward(DecoderInput input)
    {
        var hidden = embed.forward(input.Ids);
        hidden = layer0.forward(hidden, input.Mask);
        hidden = layer1.forward(hidden, input.Mask);
        return new DecoderOutput(lm_head.forward(hidden), hidden);
    }
}

public sealed class DecoderInput(Tensor ids, Tensor? mask = null)
{
    public Tensor Ids { get; } = ids;

    public Tensor? Mask { get; } = mask;
}

public sealed record DecoderOutput(Tensor Logits, Tensor Hidden);

internal static partial class Samples
{
    public static CorpusCase ModelOutputClass => CorpusCase.Of(
        () => new ModelOutputClass(),
        (m, x) => m.forward((DecoderInput)x[0]!),
        n => [new DecoderInput(randint(0, 9, [n, 5]))],
        n => randint(0, 9, [n, 5]),
        (result, target) => Losses.Tokens(result.Logits, target) + result.Hidden.mean(),
        slice: (input, from, size) => new DecoderInput(((DecoderInput)input).Ids.narrow(0, from, size)));

    public static CorpusCase ModelOutputClassWithMask => CorpusCase.Of(
        () => new ModelOutputClass(),
        (m, x) => m.forward((DecoderInput)x[0]!),
        n => [new DecoderInput(randint(0, 9, [n, 5]), randn(5, 5))],
        n => randint(0, 9, [n, 5]),
        (result, target) => Losses.Tokens(result.Logits, target),
        replicated: ["input.Mask"],
        slice: (input, from, size) => new DecoderInput(((DecoderInput)input).Ids.narrow(0, from, size), ((DecoderInput)input).Mask));
}
