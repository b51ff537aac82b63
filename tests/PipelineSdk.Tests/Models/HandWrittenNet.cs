using PipelineSdk.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>The example of docs/hand-written-stages.md.</summary>
public sealed class HandWrittenNet : Module<Tensor, Tensor>, IPipelineModel<HandWrittenNet>
{
    private readonly Linear first = Linear(6, 8);
    private readonly Linear second = Linear(8, 3);

    public HandWrittenNet() : base(nameof(HandWrittenNet)) => RegisterComponents();

    public static PipelineBlueprint<HandWrittenNet> Blueprint { get; } = new Cut();

    public override Tensor forward(Tensor x) => second.call(first.call(x).relu());

    private sealed class Value : Boundary
    {
        public Tensor? Tensor;

        public override void VisitTensors(ITensorVisitor visitor) => visitor.Visit(0, ref Tensor);

        public override void Clear() => Tensor = null;
    }

    private abstract class Segment(int stage, string name) : PipelineSegment<HandWrittenNet>
    {
        public static readonly BoundarySlot[] Slots = [new("x", "Tensor", BoundarySlotKind.Tensor)];

        public override string Name => name;

        public override int? PinnedStage => stage;

        public override IReadOnlyList<BoundarySlot> Inputs => Slots;

        public override IReadOnlyList<BoundarySlot> Outputs => Slots;

        public override bool Uses(int slot) => true;

        public override Boundary CreateOutput() => new Value();
    }

    private sealed class First() : Segment(0, "first")
    {
        public override void Forward(HandWrittenNet model, Boundary input, Boundary output)
            => ((Value)output).Tensor = model.first.call(((Value)input).Tensor!).relu();

        public override void CollectMembers(HandWrittenNet model, SegmentMembers members) => members.Add("first", model.first);
    }

    private sealed class Second() : Segment(1, "second")
    {
        public override void Forward(HandWrittenNet model, Boundary input, Boundary output)
            => ((Value)output).Tensor = model.second.call(((Value)input).Tensor!);

        public override void CollectMembers(HandWrittenNet model, SegmentMembers members) => members.Add("second", model.second);
    }

    private sealed class Cut : PipelineBlueprint<HandWrittenNet>
    {
        public override string ModelName => nameof(HandWrittenNet);

        public override IReadOnlyList<BoundarySlot> Inputs => Segment.Slots;

        public override IReadOnlyList<PipelineSegment<HandWrittenNet>> Segments { get; } = [new First(), new Second()];

        public override Boundary BindInputs(ModelInputs inputs)
        {
            inputs.RequireCount(ModelName, 1);
            return new Value { Tensor = inputs.Get<Tensor>(ModelName, 0, "x") };
        }

        public override object? GetResult(Boundary output) => ((Value)output).Tensor;
    }
}
