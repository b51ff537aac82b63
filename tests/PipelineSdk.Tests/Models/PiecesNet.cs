using System.Globalization;
using PipelineSdk.Model;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>Any layers in a row, a segment each: the blueprint has one segment, which divides into as many as the model has layers.</summary>
public sealed class PiecesNet : Module<Tensor, Tensor>, IPipelineModel<PiecesNet>
{
    internal readonly ModuleList<Module<Tensor, Tensor>> layers;

    public PiecesNet(params Module<Tensor, Tensor>[] layers)
        : base(nameof(PiecesNet))
    {
        this.layers = ModuleList(layers);
        RegisterComponents();
    }

    public static PipelineBlueprint<PiecesNet> Blueprint { get; } = new Cut();

    /// <summary>The stage of each layer; all open where null.</summary>
    public int?[]? Pins { get; init; }

    /// <summary>Called with the number of each layer before it runs, so that tests can make it fail.</summary>
    public Action<int>? BeforeLayer { get; set; }

    public override Tensor forward(Tensor x)
    {
        foreach (var layer in layers) x = layer.call(x);
        return x;
    }

    private sealed class Value : Boundary
    {
        public Tensor? Tensor;

        public override void VisitTensors(ITensorVisitor visitor) => visitor.Visit(0, ref Tensor);

        public override void Clear() => Tensor = null;
    }

    private sealed class Segment(int? element, int? stage) : PipelineSegment<PiecesNet>
    {
        public static readonly BoundarySlot[] Slots = [new("x", "Tensor", BoundarySlotKind.Tensor)];

        public override string Name => element is { } i ? string.Create(CultureInfo.InvariantCulture, $"layers.{i}") : "layers";

        public override int? PinnedStage => stage;

        public override IReadOnlyList<BoundarySlot> Inputs => Slots;

        public override IReadOnlyList<BoundarySlot> Outputs => Slots;

        public override bool Uses(int slot) => true;

        public override Boundary CreateOutput() => new Value();

        public override IReadOnlyList<PipelineSegment<PiecesNet>> Divide(PiecesNet model)
            => [.. model.layers.Select((_, i) => new Segment(i, model.Pins?[i]))];

        public override void Forward(PiecesNet model, Boundary input, Boundary output)
        {
            model.BeforeLayer?.Invoke(element!.Value);
            ((Value)output).Tensor = model.layers[element!.Value].call(((Value)input).Tensor!);
        }

        public override void CollectMembers(PiecesNet model, SegmentMembers members) => members.Add(Name, model.layers[element!.Value]);
    }

    private sealed class Cut : PipelineBlueprint<PiecesNet>
    {
        public override string ModelName => nameof(PiecesNet);

        public override IReadOnlyList<BoundarySlot> Inputs => Segment.Slots;

        public override IReadOnlyList<PipelineSegment<PiecesNet>> Segments { get; } = [new Segment(null, null)];

        public override Boundary BindInputs(ModelInputs inputs)
        {
            inputs.RequireCount(ModelName, 1);
            return new Value { Tensor = inputs.Get<Tensor>(ModelName, 0, "x") };
        }

        public override object? GetResult(Boundary output) => ((Value)output).Tensor;
    }
}
