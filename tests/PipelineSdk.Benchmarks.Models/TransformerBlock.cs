using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Benchmarks.Models;

/// <summary>Causal self-attention and a feed-forward network of four times the width, each with a layer norm before and a shortcut around.</summary>
public sealed class TransformerBlock : Module<Tensor, Tensor>
{
    private readonly int heads;
    private readonly LayerNorm norm1;
    private readonly Linear queryKeyValue;
    private readonly Linear projection;
    private readonly LayerNorm norm2;
    private readonly Sequential feedForward;
    private readonly Tensor mask;

    public TransformerBlock(int width, int heads, int time)
        : base(nameof(TransformerBlock))
    {
        this.heads = heads;
        norm1 = LayerNorm(width);
        queryKeyValue = Linear(width, 3 * width);
        projection = Linear(width, width);
        norm2 = LayerNorm(width);
        feedForward = Sequential(Linear(width, 4 * width), ReLU(), Linear(4 * width, width));
        mask = full(time, time, float.NegativeInfinity).triu(1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        x = x + Attend(norm1.call(x));
        return x + feedForward.call(norm2.call(x));
    }

    private Tensor Attend(Tensor x)
    {
        var (batch, time, width) = (x.shape[0], x.shape[1], x.shape[2]);
        var parts = queryKeyValue.call(x).view(batch, time, 3, heads, width / heads).permute(2, 0, 3, 1, 4);
        var (query, key, value) = (parts[0], parts[1], parts[2]);
        var scores = (query.matmul(key.transpose(-2, -1)) / Math.Sqrt((double)width / heads)) + mask;
        var attended = functional.softmax(scores, -1).matmul(value);
        return projection.call(attended.transpose(1, 2).reshape(batch, time, width));
    }
}
