using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Noise predictor: the time embedding, computed first, is added in every later stage.</summary>
[Pipeline]
public sealed partial class DiffusionMlp : Module<Tensor, Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Sequential time_mlp;
    [PipelineStage(0)] private readonly Linear input;
    [PipelineStage(1)] private readonly TimedBlock hidden1;
    [PipelineStage(2)] private readonly TimedBlock hidden2;
    [PipelineStage(3)] private readonly Linear output;
    private const int Frequencies = 4;

    public DiffusionMlp()
        : base(nameof(DiffusionMlp))
    {
        time_mlp = Sequential(Linear(2 * Frequencies, 6), SiLU(), Linear(6, 6));
        input = Linear(2, 8);
        hidden1 = new TimedBlock(8, 6);
        hidden2 = new TimedBlock(8, 6);
        output = Linear(8, 2);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor t)
    {
        var temb = time_mlp.forward(Embed(t));
        var h = input.forward(x);
        h = hidden1.forward(h, temb);
        h = hidden2.forward(h, temb);
        return output.forward(functional.silu(h));
    }

    private static Tensor Embed(Tensor t)
    {
        var angles = t.to(float32).unsqueeze(-1) * exp(arange(Frequencies) * -0.5);
        return cat([angles.sin(), angles.cos()], -1);
    }

    private sealed class TimedBlock : Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear mix;
        private readonly Linear time_proj;

        public TimedBlock(long width, long time)
            : base(nameof(TimedBlock))
        {
            mix = Linear(width, width);
            time_proj = Linear(time, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x, Tensor temb) => x + functional.gelu(mix.forward(x) + time_proj.forward(temb));
    }
}

internal static partial class Samples
{
    public static CorpusCase DiffusionMlp => CorpusCase.Of(
        () => new DiffusionMlp(),
        (m, x) => m.forward(x.T(0), x.T(1)),
        n => [randn(n, 2), randint(0, 50, [n])],
        n => randn(n, 2),
        Losses.Mse);
}
