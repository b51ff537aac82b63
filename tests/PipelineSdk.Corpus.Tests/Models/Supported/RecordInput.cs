using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The input is a record with a base record, a property that is set in an initializer, and a mask that every micro-batch needs whole.</summary>
[Pipeline]
public sealed partial class RecordInput : Module<MaskedTokens, Tensor>
{
    [PipelineStage(0)] private readonly Embedding embed = Embedding(9, 8);
    [PipelineStage(1)] private readonly EncoderLayer layer0 = new(8, 2);
    [PipelineStage(2)] private readonly EncoderLayer layer1 = new(8, 2);
    [PipelineStage(3)] private readonly Linear head = Linear(8, 3);

    public RecordInput()
        : base(nameof(RecordInput)) => RegisterComponents();

    public override Tensor forward(MaskedTokens input)
    {
        var h = embed.forward(input.Ids);
        if (input.Positions is not null) h = h + input.Positions * input.Scale;
        h = layer0.forward(h, input.Mask);
        h = layer1.forward(h, input.Mask);
        return head.forward(h.mean([1])) * input.Scale;
    }
}

public record Tokens(Tensor Ids);

public sealed record MaskedTokens(Tensor Ids, Tensor Mask) : Tokens(Ids)
{
    public Tensor? Positions { get; init; }

    public required double Scale { get; init; }
}

internal static partial class Samples
{
    public static CorpusCase RecordInput => CorpusCase.Of(
        () => new RecordInput(),
        (m, x) => m.forward((MaskedTokens)x[0]!),
        n => [new MaskedTokens(randint(0, 9, [n, 5]), randn(5, 5)) { Positions = randn(n, 5, 8), Scale = 0.5 }],
        n => randn(n, 3),
        Losses.Mse,
        replicated: ["input.Mask"],
        slice: (input, from, size) => (MaskedTokens)input with
        {
            Ids = ((MaskedTokens)input).Ids.narrow(0, from, size),
            Positions = ((MaskedTokens)input).Positions!.narrow(0, from, size),
        });
}
