using System.Runtime.CompilerServices;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>Hands its input on, and knows how many graphs that it is part of are alive.</summary>
internal sealed class GraphProbe() : Module<Tensor, Tensor>(nameof(GraphProbe))
{
    private readonly List<WeakReference> marks = [];

    /// <summary>How many of its calls can still be backed through.</summary>
    public int LiveGraphs()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        lock (marks) return marks.Count(mark => mark.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public override Tensor forward(Tensor input)
    {
        var mark = new object();
        lock (marks) marks.Add(new WeakReference(mark));
        return Node.apply(input, mark);
    }

    private sealed class Node : autograd.SingleTensorFunction<Node>
    {
        public override string Name => nameof(GraphProbe);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("mark", vars[1]);
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output.clone(), null!];
    }
}
