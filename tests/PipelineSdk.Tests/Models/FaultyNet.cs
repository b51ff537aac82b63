using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PipelineSdk.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>Equal stages of one layer each, of which one fails where it is told to, on whatever micro-batch and in whatever action.</summary>
/// <remarks>
/// A backward fails as it does in practice: a value that it needs was changed in place after the forward, which libtorch notices by the value's
/// version. No managed exception is thrown within libtorch's frames.
/// </remarks>
public sealed class FaultyNet : Module<Tensor, Tensor>, IPipelineModel<FaultyNet>
{
    private readonly ModuleList<Linear> layers;
    private readonly int[] forwards;
    private readonly int[] backwards;
    private Tensor? toSpoil;

    public FaultyNet(int stages)
        : base(nameof(FaultyNet))
    {
        layers = ModuleList([.. Enumerable.Range(0, stages).Select(_ => Linear(3, 3))]);
        forwards = new int[stages];
        backwards = new int[stages];
        RegisterComponents();
    }

    public static PipelineBlueprint<FaultyNet> Blueprint { get; } = new Cut();

    /// <summary>Called whenever a boundary is made, so that tests can make it fail.</summary>
    public static Action? OnCreateOutput { get; set; }

    /// <summary>Called before each forward of a stage.</summary>
    public Action<int>? BeforeForward { get; set; }

    /// <summary>Called when the optimizer of a stage, or of a worker whose first stage it is, has changed the weights.</summary>
    public Action<int>? AfterUpdate { get; set; }

    /// <summary>What fails in the next step; null where nothing does.</summary>
    public Fault? Fault
    {
        get;
        set
        {
            field = value;
            Array.Clear(forwards);
            Array.Clear(backwards);
            toSpoil?.Dispose();
            toSpoil = null;
        }
    }

    public override Tensor forward(Tensor x)
    {
        for (var stage = 0; stage < layers.Count; stage++) x = Stage(stage, x, out _);
        return x;
    }

    /// <summary>The loss, which fails where the last stage is to.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Tensor Loss(Tensor output, Tensor target)
    {
        if (Fault is { Kind: FaultKind.HandOver } fault && fault.Stage == layers.Count - 1 && forwards[^1] - 1 == fault.MicroBatch)
            throw new FormatException("unknown label\nin the second half");
        return functional.mse_loss(output, target);
    }

    /// <summary>An optimizer of some of the parameters, which fails where it is told to.</summary>
    public optim.Optimizer Optimizer(IEnumerable<(string Name, Parameter Parameter)> parameters) => new FaultyOptimizer(this, [.. parameters]);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Tensor Stage(int stage, Tensor x, out bool spoilsHandOver)
    {
        BeforeForward?.Invoke(stage);
        // Every schedule runs the forwards of a stage in the order of micro-batches. The optimizer's faults go by the number of backwards.
        var microBatch = forwards[stage]++;
        var fault = Fault is { } armed && armed.Stage == stage && armed.MicroBatch == microBatch ? armed : null;
        spoilsHandOver = fault?.Kind == FaultKind.HandOver && stage < layers.Count - 1;
        var input = Watched.apply(x, (this, stage, fault));
        var output = layers[stage].call(input);
        switch (fault?.Kind)
        {
            case FaultKind.Throw:
                throw new FormatException("bad pixel\nsecond line");
            case FaultKind.OutOfMemory:
                Marshal.FreeHGlobal(Marshal.AllocHGlobal(nint.MaxValue));
                break;
            case FaultKind.Native:
                return input.matmul(zeros(5, 5));
            case FaultKind.NativeOutOfMemory:
                return output + zeros(1L << 50);
            case FaultKind.CancelInForward:
                fault.Cancellation!.Cancel();
                break;
            case FaultKind.Backward:
                Spoil(input);
                break;
            case FaultKind.WeightGradient:
                toSpoil = input.detach().DetachFromDisposeScope();
                break;
        }

        return output.tanh();
    }

    private static void Spoil(Tensor tensor)
    {
        using var constant = no_grad();
        tensor.add_(0);
    }

    /// <summary>Between the layer and what comes before it: its backward runs after that of the layer.</summary>
    private sealed class Watched : autograd.SingleTensorFunction<Watched>
    {
        private const string Key = "fault";

        public override string Name => nameof(Watched);

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_data(Key, vars[1]);
            // Of its own version: what is spoilt is this micro-batch's.
            return ((Tensor)vars[0]).clone();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var (net, stage, fault) = ((FaultyNet, int, Fault?))ctx.get_data(Key)!;
            net.backwards[stage]++;
            if (fault?.Kind == FaultKind.WeightGradient) Spoil(net.toSpoil!);
            if (fault?.Kind == FaultKind.CancelInBackward) fault.Cancellation!.Cancel();
            return [grad_output, null!];
        }
    }

    private sealed class FaultyOptimizer(FaultyNet net, IReadOnlyList<(string Name, Parameter Parameter)> parameters)
        : SGD(parameters.Select(entry => entry.Parameter), 0.1)
    {
        private readonly int stage = int.Parse(parameters[0].Name.Split('.')[1], CultureInfo.InvariantCulture);

        [MethodImpl(MethodImplOptions.NoInlining)] // tests look for it on the stack
        public override Tensor step(Func<Tensor>? closure = null)
        {
            // Backwards of a stage come in the order of micro-batches where there are optimizers.
            if (net.Fault is { Kind: FaultKind.Update } fault && fault.Stage == stage && fault.MicroBatch == net.backwards[stage] - 1)
                throw new InvalidOperationException("no step today");
            var loss = base.step(closure);
            net.AfterUpdate?.Invoke(stage);
            return loss!;
        }
    }

    private sealed class Value : Boundary
    {
        public Tensor? Tensor;

        public bool IsSpoilt { get; set; }

        [MethodImpl(MethodImplOptions.NoInlining)] // tests look for it on the stack
        public override void VisitTensors(ITensorVisitor visitor)
        {
            visitor.Visit(0, ref Tensor);
            if (!IsSpoilt) return;
            IsSpoilt = false;
            throw new NotSupportedException("a value that can't be taken apart");
        }

        public override void Clear() => Tensor = null;
    }

    private sealed class Segment(int stage) : PipelineSegment<FaultyNet>
    {
        public static readonly BoundarySlot[] Slots = [new("x", "Tensor", BoundarySlotKind.Tensor)];

        public override string Name => string.Create(CultureInfo.InvariantCulture, $"layers.{stage}");

        public override int? PinnedStage => null;

        public override IReadOnlyList<BoundarySlot> Inputs => Slots;

        public override IReadOnlyList<BoundarySlot> Outputs => Slots;

        public override bool Uses(int slot) => true;

        public override Boundary CreateOutput()
        {
            OnCreateOutput?.Invoke();
            return new Value();
        }

        public override IReadOnlyList<PipelineSegment<FaultyNet>> Divide(FaultyNet model) => [.. model.layers.Select((_, i) => new Segment(i))];

        public override void Forward(FaultyNet model, Boundary input, Boundary output)
        {
            var result = (Value)output;
            result.Tensor = model.Stage(stage, ((Value)input).Tensor!, out var spoils);
            result.IsSpoilt = spoils;
        }

        public override void CollectMembers(FaultyNet model, SegmentMembers members) => members.Add(Name, model.layers[stage]);
    }

    private sealed class Cut : PipelineBlueprint<FaultyNet>
    {
        public override string ModelName => nameof(FaultyNet);

        public override IReadOnlyList<BoundarySlot> Inputs => Segment.Slots;

        public override IReadOnlyList<PipelineSegment<FaultyNet>> Segments { get; } = [new Segment(0)];

        public override Boundary BindInputs(ModelInputs inputs)
        {
            inputs.RequireCount(ModelName, 1);
            return new Value { Tensor = inputs.Get<Tensor>(ModelName, 0, "x") };
        }

        public override object? GetResult(Boundary output) => ((Value)output).Tensor;
    }
}
