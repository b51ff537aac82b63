using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Optional segment ids, an optional mask, and the loss from labels that only the last stage needs.</summary>
[Pipeline]
public sealed partial class BertLike : Module<Tensor, Tensor?, Tensor?, Tensor, (Tensor Loss, Tensor Logits)>
{
    [PipelineStage(0)] private readonly Embedding word_embeddings;
    [PipelineStage(0)] private readonly Embedding token_type_embeddings;
    [PipelineStage(0)] private readonly LayerNorm embeddings_norm;
    [PipelineStage(1)] private readonly EncoderLayer layer0;
    [PipelineStage(2)] private readonly EncoderLayer layer1;
    [PipelineStage(3)] private readonly Linear pooler;
    [PipelineStage(3)] private readonly Linear classifier;

    public BertLike()
        : base("bert")
    {
        word_embeddings = Embedding(12, 8, padding_idx: 0);
        token_type_embeddings = Embedding(2, 8);
        embeddings_norm = LayerNorm(8, eps: 1e-12);
        layer0 = new EncoderLayer(8, 2);
        layer1 = new EncoderLayer(8, 2);
        pooler = Linear(8, 8);
        classifier = Linear(8, 3);
        RegisterComponents();
    }

    public override (Tensor Loss, Tensor Logits) forward(Tensor input_ids, Tensor? token_type_ids, Tensor? attention_mask, Tensor labels)
    {
        token_type_ids ??= zeros_like(input_ids);
        var extended = attention_mask is null ? null : (1.0 - attention_mask.to(float32)).unsqueeze(1).unsqueeze(1) * -1e4;
        var hidden = embeddings_norm.forward(word_embeddings.forward(input_ids) + token_type_embeddings.forward(token_type_ids));
        hidden = layer0.forward(hidden, extended);
        hidden = layer1.forward(hidden, extended);
        var pooled = tanh(pooler.forward(hidden[TensorIndex.Colon, 0]));
        var logits = classifier.forward(pooled);
        return (functional.cross_entropy(logits, labels), logits);
    }
}

internal static partial class Samples
{
    public static CorpusCase BertLike => CorpusCase.Of(
        () => new BertLike(),
        (m, x) => m.forward(x.T(0), x.T(1), x.T(2), x.T(3)),
        n => [randint(0, 12, [n, 5]), randint(0, 2, [n, 5]), cat([ones(n, 4), zeros(n, 1)], 1), randint(0, 3, [n])],
        r => r.Loss);

    public static CorpusCase BertLikeWithoutOptions => CorpusCase.Of(
        () => new BertLike(),
        (m, x) => m.forward(x.T(0), null, null, x.T(3)),
        n => [randint(0, 12, [n, 5]), null, null, randint(0, 3, [n])],
        r => r.Loss);
}
