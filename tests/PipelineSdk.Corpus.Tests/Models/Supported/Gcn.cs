using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Graph convolutions: the same adjacency matrix stands beside the features in every stage.</summary>
[Pipeline]
public sealed partial class Gcn : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly GraphConvolution gc1;
    [PipelineStage(1)] private readonly GraphConvolution gc2;
    [PipelineStage(2)] private readonly GraphConvolution gc3;

    public Gcn(int features = 4, int hidden = 6, int classes = 3)
        : base(nameof(Gcn))
    {
        gc1 = new GraphConvolution(features, hidden);
        gc2 = new GraphConvolution(hidden, hidden);
        gc3 = new GraphConvolution(hidden, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor adj)
    {
        x = functional.relu(gc1.forward(x, adj));
        x = functional.relu(gc2.forward(x, adj)) + x;
        x = gc3.forward(x, adj);
        return functional.log_softmax(x, dim: -1);
    }

    private sealed class GraphConvolution : Module<Tensor, Tensor, Tensor>
    {
        private readonly Parameter weight;
        private readonly Parameter? bias;

        public GraphConvolution(int from, int to, bool withBias = true)
            : base(nameof(GraphConvolution))
        {
            weight = Parameter(randn(from, to) / Math.Sqrt(from));
            if (withBias) bias = Parameter(zeros(to));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input, Tensor adj)
        {
            var support = input.matmul(weight);
            var output = adj.matmul(support);
            return bias is not null ? output + bias : output;
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase Gcn => CorpusCase.Of(
        () => new Gcn(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randn(n, 5, 4), (rand(5, 5) > 0.5).to(float32) + eye(5)],
        n => randint(0, 3, [n, 5]),
        (r, y) => functional.nll_loss(r.view(-1, 3), y.view(-1)),
        replicated: ["adj"]);
}
