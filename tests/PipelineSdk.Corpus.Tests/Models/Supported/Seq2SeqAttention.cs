using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Encoder states and a running decoder state with attention over them; the target tokens are an input.</summary>
[Pipeline]
public sealed partial class Seq2SeqAttention : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Embedding source_embedding;
    [PipelineStage(0)] private readonly GruCell encoder;
    [PipelineStage(1)] private readonly Embedding target_embedding;
    [PipelineStage(1)] private readonly GruCell decoder;
    [PipelineStage(1)] private readonly Linear attention;
    [PipelineStage(2)] private readonly Linear @out;

    public Seq2SeqAttention()
        : base(nameof(Seq2SeqAttention))
    {
        source_embedding = Embedding(9, 5);
        encoder = new GruCell(5, 6);
        target_embedding = Embedding(8, 5);
        decoder = new GruCell(5 + 6, 6);
        attention = Linear(6, 6, hasBias: false);
        @out = Linear(6, 8);
        RegisterComponents();
    }

    public override Tensor forward(Tensor source, Tensor target)
    {
        var embedded = source_embedding.forward(source);
        var hidden = zeros([source.shape[0], 6], dtype: embedded.dtype, device: embedded.device);
        var states = new List<Tensor>();
        for (long t = 0; t < source.shape[1]; t++)
        {
            hidden = encoder.forward(embedded[TensorIndex.Colon, t], hidden);
            states.Add(hidden);
        }

        var memory = stack(states, 1);
        var results = new List<Tensor>();
        for (long t = 0; t < target.shape[1]; t++)
        {
            var weights = functional.softmax(memory.matmul(attention.forward(hidden).unsqueeze(-1)), 1);
            var context = (weights * memory).sum(1);
            hidden = decoder.forward(cat([target_embedding.forward(target[TensorIndex.Colon, t]), context], 1), hidden);
            results.Add(hidden);
        }

        return @out.forward(stack(results, 1));
    }

    private sealed class GruCell : Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear x2h;
        private readonly Linear h2h;

        public GruCell(int input, int hidden)
            : base(nameof(GruCell))
        {
            x2h = Linear(input, 3 * hidden);
            h2h = Linear(hidden, 3 * hidden);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor hidden)
        {
            var i = x2h.forward(x).chunk(3, 1);
            var h = h2h.forward(hidden).chunk(3, 1);
            var reset = sigmoid(i[0] + h[0]);
            var update = sigmoid(i[1] + h[1]);
            var next = tanh(i[2] + reset * h[2]);
            return next + update * (hidden - next);
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase Seq2SeqAttention => CorpusCase.Of(
        () => new Seq2SeqAttention(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randint(0, 9, [n, 4]), randint(0, 8, [n, 3])],
        n => randint(0, 8, [n, 3]),
        Losses.Tokens);
}
