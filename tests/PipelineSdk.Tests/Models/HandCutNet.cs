using PipelineSdk.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>
/// Four stages cut by hand, without the generator: a skip from the first stage to the last that passes through the others, an in-place
/// activation as the first act of a stage, and one tensor under two names.
/// </summary>
public sealed class HandCutNet : Module<Tensor, Tensor>, IPipelineModel<HandCutNet>
{
    private readonly Linear a = Linear(6, 8);
    private readonly Linear b = Linear(8, 8);
    private readonly Linear c = Linear(8, 8);
    private readonly Linear d = Linear(8, 3);

    public HandCutNet() : base(nameof(HandCutNet)) => RegisterComponents();

    static PipelineBlueprint<HandCutNet> IPipelineModel<HandCutNet>.Blueprint { get; } = new Cut();

    /// <summary>Called by stage 2 with its value, so that tests can make it fail.</summary>
    public Action<Tensor>? InStage2 { get; set; }

    public override Tensor forward(Tensor x)
    {
        var skip = a.forward(x);
        var h = skip.clone();
        h.relu_();
        h = b.forward(h) + skip;
        var same = h;
        InStage2?.Invoke(h);
        h = functional.tanh(c.forward(h)) * same;
        return d.forward(h + skip);
    }

    private sealed class Values : Boundary
    {
        public Tensor? X;
        public Tensor? Y;
        public Tensor? Z;

        public override void VisitTensors(ITensorVisitor visitor)
        {
            visitor.Visit(0, ref X);
            visitor.Visit(1, ref Y);
            visitor.Visit(2, ref Z);
        }

        public override void Clear() => X = Y = Z = null;
    }

    private sealed class Segment(
        int stage, string name, string used, Action<HandCutNet, Values, Values> run, Action<HandCutNet, SegmentMembers> collect)
        : PipelineSegment<HandCutNet>
    {
        private static readonly BoundarySlot[] Slots =
        [
            new("x", "Tensor?", BoundarySlotKind.NullableTensor),
            new("y", "Tensor?", BoundarySlotKind.NullableTensor),
            new("z", "Tensor?", BoundarySlotKind.NullableTensor),
        ];

        public override string Name => name;

        public override int? PinnedStage => stage;

        public override IReadOnlyList<BoundarySlot> Inputs => Slots;

        public override IReadOnlyList<BoundarySlot> Outputs => Slots;

        public override bool Uses(int slot) => used.Contains((char)('0' + slot));

        public override Boundary CreateOutput() => new Values();

        public override void Forward(HandCutNet model, Boundary input, Boundary output) => run(model, (Values)input, (Values)output);

        public override void CollectMembers(HandCutNet model, SegmentMembers members) => collect(model, members);
    }

    private sealed class Cut : PipelineBlueprint<HandCutNet>
    {
        public override string ModelName => nameof(HandCutNet);

        public override IReadOnlyList<BoundarySlot> Inputs { get; } = [new("x", "Tensor", BoundarySlotKind.Tensor)];

        public override IReadOnlyList<PipelineSegment<HandCutNet>> Segments { get; } =
        [
            new Segment(0, "a", "0",
                static (model, input, output) => output.X = output.Y = model.a.forward(input.X!),
                static (model, members) => members.Add("a", model.a)),
            new Segment(1, "b", "01",
                static (model, input, output) =>
                {
                    var h = input.X!.clone();
                    h.relu_();
                    output.X = output.Z = model.b.forward(h) + input.Y!;
                    output.Y = input.Y;
                },
                static (model, members) => members.Add("b", model.b)),
            new Segment(2, "c", "02",
                static (model, input, output) =>
                {
                    model.InStage2?.Invoke(input.X!);
                    output.X = functional.tanh(model.c.forward(input.X!)) * input.Z!;
                    output.Y = input.Y;
                },
                static (model, members) => members.Add("c", model.c)),
            new Segment(3, "d", "01",
                static (model, input, output) => output.X = model.d.forward(input.X! + input.Y!),
                static (model, members) => members.Add("d", model.d)),
        ];

        public override Boundary BindInputs(ModelInputs inputs)
        {
            inputs.RequireCount(ModelName, 1);
            return new Values { X = inputs.Get<Tensor>(ModelName, 0, "x") };
        }

        public override object? GetResult(Boundary output) => ((Values)output).X;
    }
}
