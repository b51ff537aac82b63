using System.Diagnostics;
using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>A forward that only hands its input on: what an action costs besides what its segments do.</summary>
internal sealed class IdleAction : IDisposable
{
    private readonly nn.Module nothing = nn.Identity();
    private readonly StageRunner<nn.Module> runner;

    public IdleAction()
    {
        runner = new StageRunner<nn.Module>(new Stage<nn.Module>(0, nothing, [new Idle()]));
        runner.Prepare(1);
    }

    /// <summary>Runs it once.</summary>
    /// <returns>Its time, in milliseconds.</returns>
    public double Time()
    {
        var input = new Value { Tensor = ones(1).DetachFromDisposeScope().requires_grad_() };
        using var scope = new ActionScope();
        var start = Stopwatch.GetTimestamp();
        var output = runner.Forward(scope, 0, input, keepGraph: true, out _);
        var time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        BoundaryTensors.Dispose(output);
        runner.Release();
        return time;
    }

    public void Dispose() => nothing.Dispose();

    private sealed class Value : Boundary
    {
        public Tensor? Tensor;

        public override void VisitTensors(ITensorVisitor visitor) => visitor.Visit(0, ref Tensor);

        public override void Clear() => Tensor = null;
    }

    private sealed class Idle : PipelineSegment<nn.Module>
    {
        private static readonly BoundarySlot[] Slots = [new("x", "Tensor", BoundarySlotKind.Tensor)];

        public override string Name => "idle";

        public override int? PinnedStage => null;

        public override IReadOnlyList<BoundarySlot> Inputs => Slots;

        public override IReadOnlyList<BoundarySlot> Outputs => Slots;

        public override bool Uses(int slot) => false;

        public override Boundary CreateOutput() => new Value();

        public override void Forward(nn.Module model, Boundary input, Boundary output) => ((Value)output).Tensor = ((Value)input).Tensor;

        public override void CollectMembers(nn.Module model, SegmentMembers members)
        {
        }
    }
}
