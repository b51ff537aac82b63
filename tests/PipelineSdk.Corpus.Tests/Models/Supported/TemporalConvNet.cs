using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Causal dilated convolutions with residuals; nothing is pinned.</summary>
[Pipeline]
public sealed partial class TemporalConvNet : Module<Tensor, Tensor>
{
    private readonly Conv1d conv1;
    private readonly Conv1d conv2;
    private readonly Conv1d conv3;
    private readonly Conv1d down;
    private readonly Linear linear;
    private const int Kernel = 2;

    public TemporalConvNet()
        : base(nameof(TemporalConvNet))
    {
        conv1 = Conv1d(2, 5, Kernel, padding: Kernel - 1);
        conv2 = Conv1d(5, 5, Kernel, padding: 2 * (Kernel - 1), dilation: 2);
        conv3 = Conv1d(5, 5, Kernel, padding: 4 * (Kernel - 1), dilation: 4);
        down = Conv1d(2, 5, 1);
        linear = Linear(5, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var length = x.shape[^1];
        var residual = down.forward(x);
        var h = Chomp(conv1.forward(x), length).relu() + residual;
        h = Chomp(conv2.forward(h), length).relu() + h;
        h = Chomp(conv3.forward(h), length).relu() + h;
        return linear.forward(h[TensorIndex.Ellipsis, -1]);
    }

    private static Tensor Chomp(Tensor x, long length) => x[TensorIndex.Ellipsis, TensorIndex.Slice(stop: length)].contiguous();
}

internal static partial class Samples
{
    public static CorpusCase TemporalConvNet => CorpusCase.Of(
        () => new TemporalConvNet(), n => randn(n, 2, 9), n => randint(0, 3, [n]), Losses.CrossEntropy);
}
