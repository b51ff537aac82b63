using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A base class with the shared trunk, scalars read from shapes, and a named tuple as result.</summary>
public abstract class AgentBase : Module<Tensor, (Tensor Policy, Tensor Value)>
{
    [PipelineStage(0)] protected readonly Linear trunk;

    protected AgentBase(string name, long observations, long hidden)
        : base(name) => trunk = Linear(observations, hidden);

    protected Tensor Features(Tensor observation) => functional.tanh(trunk.forward(observation));
}

[Pipeline]
public sealed partial class ActorCritic : AgentBase
{
    [PipelineStage(1)] private readonly Linear actor;
    [PipelineStage(2)] private readonly Linear critic;

    public ActorCritic()
        : base(nameof(ActorCritic), 4, 6)
    {
        actor = Linear(6, 3);
        critic = Linear(6, 1);
        RegisterComponents();
    }

    public override (Tensor Policy, Tensor Value) forward(Tensor observation)
    {
        var agents = observation.shape[1];
        var h = Features(observation.view(-1, 4));
        var policy = functional.log_softmax(actor.forward(h), -1).view(-1, agents, 3);
        var value = critic.forward(h).view(-1, agents);
        return (Policy: policy, Value: value);
    }
}

internal static partial class Samples
{
    public static CorpusCase ActorCritic => CorpusCase.Of(
        () => new ActorCritic(),
        (m, x) => m.forward(x.T(0)),
        n => [randn(n, 2, 4)],
        n => randn(n, 2),
        (r, y) => Losses.Mse(r.Value, y) - 0.1 * (r.Policy.exp() * r.Policy).sum(-1).mean());
}
