using System.Collections.Generic;
using PipelineSdk;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

// A model without a namespace, with an alias for the functional layer calls and two towers that end in a product.
[Pipeline]
public sealed partial class GlobalRecommender : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] readonly TorchSharp.Modules.Embedding users, items;
    [PipelineStage(1)] readonly TorchSharp.Modules.Linear user_tower;
    [PipelineStage(2)] readonly TorchSharp.Modules.Linear item_tower;

    public GlobalRecommender(int width = 6) : base("recommender")
    {
        users = Embedding(5, width);
        items = Embedding(6, width);
        user_tower = Linear(width, width);
        item_tower = Linear(width, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor user, Tensor item)
    {
        var u = users.forward(user); var v = items.forward(item);
        u = F.normalize(F.relu(user_tower.forward(u)) + u, dim: -1);
        v = F.normalize(F.relu(item_tower.forward(v)) + v, dim: -1);
        return (u * v).sum(-1) * 5;
    }
}

namespace PipelineSdk.Corpus.Tests.Models
{
    internal static partial class Samples
    {
        public static CorpusCase GlobalRecommender => CorpusCase.Of(
            () => new GlobalRecommender(),
            (m, x) => m.forward(x.T(0), x.T(1)),
            n => [randint(0, 5, [n]), randint(0, 6, [n])],
            n => randn(n),
            Losses.Mse);
    }
}
