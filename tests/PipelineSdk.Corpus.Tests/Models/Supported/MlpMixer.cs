using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Token and channel mixing with residuals, written as one nested expression per block.</summary>
[Pipeline]
public sealed partial class MlpMixer : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Conv2d patches;
    [PipelineStage(0)] private readonly MixerBlock mixer1;
    [PipelineStage(1)] private readonly MixerBlock mixer2;
    [PipelineStage(2)] private readonly LayerNorm norm;
    [PipelineStage(2)] private readonly Linear head;

    public MlpMixer()
        : base(nameof(MlpMixer))
    {
        patches = Conv2d(3, 6, 4, stride: 4);
        mixer1 = new MixerBlock(tokens: 4, channels: 6);
        mixer2 = new MixerBlock(tokens: 4, channels: 6);
        norm = LayerNorm(6);
        head = Linear(6, 3);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
        => head.forward(norm.forward(mixer2.forward(mixer1.forward(patches.forward(x).flatten(2).transpose(1, 2)))).mean([1]));

    private sealed class MixerBlock : Module<Tensor, Tensor>
    {
        private readonly LayerNorm norm1, norm2;
        private readonly Sequential token_mix, channel_mix;

        public MixerBlock(long tokens, long channels)
            : base(nameof(MixerBlock))
        {
            norm1 = LayerNorm(channels);
            norm2 = LayerNorm(channels);
            token_mix = Sequential(Linear(tokens, 5), GELU(), Linear(5, tokens));
            channel_mix = Sequential(Linear(channels, 8), GELU(), Linear(8, channels));
            RegisterComponents();
        }

        public override Tensor forward(Tensor x)
        {
            x = x + token_mix.forward(norm1.forward(x).transpose(1, 2)).transpose(1, 2);
            return x + channel_mix.forward(norm2.forward(x));
        }
    }
}

internal static partial class Samples
{
    public static CorpusCase MlpMixer => CorpusCase.Of(
        () => new MlpMixer(), n => randn(n, 3, 8, 8), n => randint(0, 3, [n]), Losses.CrossEntropy);
}
