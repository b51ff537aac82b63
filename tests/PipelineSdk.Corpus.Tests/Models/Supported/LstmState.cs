using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The state of a recurrent layer is a struct of tensors, handed from cell to cell; before the first there is none.</summary>
[Pipeline]
public sealed partial class LstmState : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear gates0 = Linear(4 + 3, 12);
    [PipelineStage(1)] private readonly Linear gates1 = Linear(4 + 3, 12);
    [PipelineStage(2)] private readonly Linear gates2 = Linear(4 + 3, 12);
    [PipelineStage(2)] private readonly Linear head = Linear(3, 2);

    public LstmState()
        : base(nameof(LstmState)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        State? none = null;
        var state = Cell(gates0, x, none);
        state = Cell(gates1, x, state);
        state = Cell(gates2, x, state);
        return head.forward(state!.Value.Hidden);
    }

    private static State? Cell(Linear gates, Tensor x, State? before)
    {
        var hidden = before?.Hidden ?? zeros(x.shape[0], 3);
        var parts = gates.forward(cat([x, hidden], 1)).chunk(4, 1);
        var cell = (before?.Cell ?? zeros_like(hidden)) * parts[0].sigmoid() + parts[1].sigmoid() * parts[2].tanh();
        return new State { Hidden = parts[3].sigmoid() * cell.tanh(), Cell = cell };
    }

    private struct State
    {
        public Tensor Hidden;
        public Tensor Cell;
    }
}

internal static partial class Samples
{
    public static CorpusCase LstmState => CorpusCase.Of(() => new LstmState(), n => randn(n, 4), n => randn(n, 2));
}
