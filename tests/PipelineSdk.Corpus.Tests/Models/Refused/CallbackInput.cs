using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>An input record brings a function of the caller's along.</summary>
[Pipeline]
public sealed partial class CallbackInput : Module<CallbackInput.Request, Tensor>
{
    [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear b = Linear(4, 4);

    public CallbackInput()
        : base(nameof(CallbackInput)) => RegisterComponents();

    public override Tensor forward(Request request) // PSDK0018: request
        => b.forward(request.Activation(a.forward(request.X)));

    public sealed record Request(Tensor X, Func<Tensor, Tensor> Activation);
}
