using BenchmarkDotNet.Attributes;
using PipelineSdk.Benchmarks.Models;
using PipelineSdk.Execution;
using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks;

/// <summary>What a boundary of one tensor costs from stage to stage: sent, received, and protected from the segment that uses it.</summary>
[InProcess]
[MemoryDiagnoser]
public class BoundaryBenchmarks
{
    private readonly BoundarySender sender = new();
    private readonly BoundaryReceiver receiver = new();
    private readonly LeafGuard<Mlp> guard = new();
    private readonly OneTensor boundary = new();
    private readonly MicroBatchState sent = new();
    private readonly MicroBatchState received = new();
    private readonly List<Tensor?> leaves = [];
    private Tensor weight = null!;
    private Tensor leaf = null!;

    /// <summary>Elements of the tensor: only a clone depends on them.</summary>
    [Params(1, 1 << 20)]
    public int Elements { get; set; }

    [GlobalSetup]
    public void Make()
    {
        weight = ones(Elements).requires_grad_();
        leaf = ones(Elements).requires_grad_();
        leaves.Add(leaf);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        weight.Dispose();
        leaf.Dispose();
        leaves.Clear();
    }

    /// <summary>Of <see cref="SendAndReceive"/> what libtorch does: a view as the computed tensor, and its detached hand-over.</summary>
    [Benchmark(Baseline = true)]
    public void Detach()
    {
        using var scope = new ActionScope();
        var computed = weight.view(-1);
        using var handed = computed.detach().DetachFromDisposeScope();
        handed.requires_grad_();
    }

    /// <summary>The hand-over of a computed tensor, up to its release on both sides.</summary>
    [Benchmark]
    public long SendAndReceive()
    {
        using var scope = new ActionScope();
        boundary.Value = weight.view(-1);
        var bytes = sender.Send(boundary, sent, scope, wantsGradient: true, keepGraph: true);
        receiver.Receive(boundary, received);
        boundary.Clear();
        received.Release();
        sent.Release();
        return bytes;
    }

    /// <summary>A leaf that requires a gradient, and so is cloned.</summary>
    [Benchmark]
    public void Protect()
    {
        using var scope = new ActionScope();
        boundary.Value = leaf;
        guard.Protect(next: null, boundary, leaves);
        boundary.Clear();
    }

    private sealed class OneTensor : Boundary
    {
        private Tensor? value;

        public Tensor? Value
        {
            set => this.value = value;
        }

        public override void VisitTensors(ITensorVisitor visitor) => visitor.Visit(0, ref value);

        public override void Clear() => value = null;
    }
}
