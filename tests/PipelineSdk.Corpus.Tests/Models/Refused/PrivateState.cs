using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>A class keeps a tensor to itself: nobody can take it out.</summary>
[Pipeline]
public sealed partial class PrivateState : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);

    public PrivateState()
        : base(nameof(PrivateState)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        var memory = new Memory();
        memory.Remember(a.forward(x));
        return b.forward(memory.Recall()); // PSDK0009: memory
    }

    private sealed class Memory
    {
        private Tensor? last;

        public void Remember(Tensor tensor) => last = tensor;

        public Tensor Recall() => last!;
    }
}
