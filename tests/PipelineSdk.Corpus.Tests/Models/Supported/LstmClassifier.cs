using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Two recurrent layers of cells made of Linear layers: the states of one layer go to the next as one stacked tensor.</summary>
[Pipeline]
public sealed partial class LstmClassifier : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Embedding embedding;
    [PipelineStage(0)] private readonly LstmCell first;
    [PipelineStage(1)] private readonly LstmCell second;
    [PipelineStage(2)] private readonly Linear classifier;

    public LstmClassifier(int hidden = 6)
        : base(nameof(LstmClassifier))
    {
        embedding = Embedding(12, 5);
        first = new LstmCell(5, hidden);
        second = new LstmCell(hidden, hidden);
        classifier = Linear(2 * hidden, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor tokens)
    {
        var embedded = embedding.forward(tokens);
        var steps = embedded.shape[1];
        var state = first.Start(embedded);
        var outputs = new List<Tensor>();
        for (var i = 0; i < steps; i++)
        {
            state = first.forward(embedded.select(1, i), state);
            outputs.Add(state.h);
        }

        var sequence = stack(outputs, dim: 1);
        var upper = second.Start(sequence);
        for (var i = 0; i < steps; i++)
        {
            upper = second.forward(sequence.select(1, i), upper);
        }

        var (h, c) = upper;
        return classifier.forward(cat([h, c], dim: 1));
    }
}

internal sealed class LstmCell : Module<Tensor, (Tensor h, Tensor c), (Tensor h, Tensor c)>
{
    private readonly Linear ih;
    private readonly Linear hh;
    private readonly long hidden;

    public LstmCell(long input, long hidden)
        : base(nameof(LstmCell))
    {
        this.hidden = hidden;
        ih = Linear(input, 4 * hidden);
        hh = Linear(hidden, 4 * hidden);
        RegisterComponents();
    }

    public (Tensor h, Tensor c) Start(Tensor like)
        => (zeros(like.shape[0], hidden, device: like.device), zeros(like.shape[0], hidden, device: like.device));

    public override (Tensor h, Tensor c) forward(Tensor x, (Tensor h, Tensor c) state)
    {
        var gates = (ih.forward(x) + hh.forward(state.h)).chunk(4, 1);
        var c = gates[1].sigmoid() * state.c + gates[0].sigmoid() * gates[2].tanh();
        return (gates[3].sigmoid() * c.tanh(), c);
    }
}

internal static partial class Samples
{
    public static CorpusCase LstmClassifier => CorpusCase.Of(
        () => new LstmClassifier(), n => randint(0, 12, [n, 4]), n => randint(0, 3, [n]), Losses.CrossEntropy);
}
