using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Keys and values of all layers so far, in a list of pairs that crosses two cuts and is read in the last stage.</summary>
[Pipeline]
public sealed partial class KeyValueCache : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Embedding embed = Embedding(7, 6);
    [PipelineStage(0)] private readonly Linear kv0 = Linear(6, 12);
    [PipelineStage(1)] private readonly Linear kv1 = Linear(6, 12);
    [PipelineStage(2)] private readonly Linear kv2 = Linear(6, 12);
    [PipelineStage(2)] private readonly Linear lm_head = Linear(6, 7);

    public KeyValueCache()
        : base(nameof(KeyValueCache)) => RegisterComponents();

    public override Tensor forward(Tensor ids)
    {
        var past = new List<(Tensor Key, Tensor Value)>();
        var h = embed.forward(ids);
        h = h + Attend(kv0.forward(h), h, past);
        h = h + Attend(kv1.forward(h), h, past);
        h = h + Attend(kv2.forward(h), h, past);
        foreach (var (key, value) in past) h = h + key * value;
        return lm_head.forward(h);
    }

    private static Tensor Attend(Tensor projected, Tensor query, List<(Tensor Key, Tensor Value)> past)
    {
        var parts = projected.chunk(2, -1);
        past.Add((parts[0], parts[1]));
        var keys = cat([.. past.Select(pair => pair.Key)], 1);
        var values = cat([.. past.Select(pair => pair.Value)], 1);
        return functional.softmax(query.matmul(keys.transpose(-1, -2)), -1).matmul(values);
    }
}

internal static partial class Samples
{
    public static CorpusCase KeyValueCache => CorpusCase.Of(
        () => new KeyValueCache(), n => randint(0, 7, [n, 4]), n => randint(0, 7, [n, 4]), Losses.Tokens);
}
