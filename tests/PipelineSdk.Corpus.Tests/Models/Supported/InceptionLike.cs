using PipelineSdk;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>Four branches of one block join again; the second block's branches are members of the model itself, two of them in another stage.</summary>
[Pipeline]
public sealed partial class InceptionLike : Module<Tensor, Tensor>
{
    [PipelineStage(0)] private readonly Mixed mixed5 = new(3);
    [PipelineStage(1)] private readonly Conv2d branch1x1 = Conv2d(8, 2, 1);
    [PipelineStage(1)] private readonly Conv2d branch5x5_1 = Conv2d(8, 3, 1);
    [PipelineStage(1)] private readonly Conv2d branch5x5_2 = Conv2d(3, 3, 5, padding: 2);
    [PipelineStage(2)] private readonly Conv2d branch3x3 = Conv2d(8, 2, 3, padding: 1);
    [PipelineStage(2)] private readonly Conv2d branch_pool = Conv2d(8, 2, 1);
    [PipelineStage(3)] private readonly Linear fc = Linear(9, 4);

    public InceptionLike()
        : base(nameof(InceptionLike)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        x = functional.relu(mixed5.forward(x));

        var b1 = branch1x1.forward(x);
        var b5 = branch5x5_2.forward(functional.relu(branch5x5_1.forward(x)));
        var b3 = branch3x3.forward(x);
        var bp = functional.avg_pool2d(x, kernel_size: 3, stride: 1, padding: 1);
        bp = branch_pool.forward(bp);

        Tensor[] outputs = [b1, b5, b3, bp];
        x = functional.relu(cat(outputs, 1));
        return fc.forward(x.mean([2, 3]));
    }

    private sealed class Mixed : Module<Tensor, Tensor>
    {
        private readonly Conv2d left, right;

        public Mixed(long from)
            : base(nameof(Mixed))
        {
            left = Conv2d(from, 4, 1);
            right = Conv2d(from, 4, 3, padding: 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor x) => cat([left.forward(x), right.forward(x)], 1);
    }
}

internal static partial class Samples
{
    public static CorpusCase InceptionLike => CorpusCase.Of(
        () => new InceptionLike(), n => randn(n, 3, 6, 6), n => randint(0, 4, [n]), Losses.CrossEntropy);
}
