using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>The class that holds the model is not partial.</summary>
public static class Holder // PSDK0001: Holder
{
    [Pipeline]
    public sealed partial class NotPartial : Module<Tensor, Tensor>
    {
        [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
        [PipelineStage(1)] private readonly Linear b = Linear(4, 4);

        public NotPartial()
            : base(nameof(NotPartial)) => RegisterComponents();

        public override Tensor forward(Tensor x) => b.forward(a.forward(x));
    }
}
