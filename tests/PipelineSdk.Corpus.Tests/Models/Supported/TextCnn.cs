using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Convolutions of three widths over embedded text, pooled over time and joined.</summary>
[Pipeline]
public sealed partial class TextCnn : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Embedding embed = Embedding(15, 6);
    [PipelineStage(1)] private readonly Conv1d conv2 = Conv1d(6, 4, 2);
    [PipelineStage(1)] private readonly Conv1d conv3 = Conv1d(6, 4, 3);
    [PipelineStage(2)] private readonly Conv1d conv4 = Conv1d(6, 4, 4);
    [PipelineStage(2)] private readonly Dropout drop = Dropout(0.5);
    [PipelineStage(2)] private readonly Linear fc = Linear(12, 2);

    public TextCnn()
        : base(nameof(TextCnn)) => RegisterComponents();

    public override Tensor forward(Tensor text)
    {
        using var embedded = embed.forward(text);
        var x = embedded.permute(0, 2, 1);
        var a = MaxOverTime(functional.relu(conv2.forward(x)));
        var b = MaxOverTime(functional.relu(conv3.forward(x)));
        var c = MaxOverTime(functional.relu(conv4.forward(x)));
        return fc.forward(drop.forward(cat([a, b, c], 1)));
    }

    private static Tensor MaxOverTime(Tensor x)
    {
        var (values, _) = x.max(2);
        return values;
    }
}

internal static partial class Samples
{
    public static CorpusCase TextCnn => CorpusCase.Of(
        () => new TextCnn(), n => randint(0, 15, [n, 7]), n => randint(0, 2, [n]), Losses.CrossEntropy, evaluation: true);
}
