using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Generators.Tests.Harness;

/// <summary>Runs the segments of a model one after another, each with a graph of its own, as stages on different threads do.</summary>
internal sealed class CutRun<TModel>
    where TModel : nn.Module, IPipelineModel<TModel>
{
    private readonly List<(List<Tensor> Sent, List<Tensor> Received)> cuts = [];

    public CutRun(TModel model, ModelInputs inputs)
    {
        var blueprint = TModel.Blueprint;
        var boundary = blueprint.BindInputs(inputs);
        var segments = blueprint.SegmentsOf(model);
        for (var i = 0; i < segments.Count; i++)
        {
            if (i > 0)
            {
                var cut = new Cut();
                boundary = boundary.Clone();
                boundary.VisitTensors(cut);
                cuts.Add((cut.Sent, cut.Received));
            }

            var output = segments[i].CreateOutput();
            segments[i].Forward(model, boundary, output);
            boundary = output;
        }

        Result = blueprint.GetResult(boundary);
    }

    public object? Result { get; }

    /// <summary>Runs the backward pass from the last segment to the first.</summary>
    public void Backward(Tensor loss)
    {
        loss.backward();
        foreach (var (sent, received) in cuts.AsEnumerable().Reverse())
        {
            var pairs = sent.Zip(received).Where(pair => pair.First.requires_grad && pair.Second.grad is not null).ToList();
            autograd.backward(
                pairs.Select(pair => pair.First).ToList(), pairs.Select(pair => pair.Second.grad!).ToList());
        }
    }

    private sealed class Cut : ITensorVisitor
    {
        public List<Tensor> Sent { get; } = [];

        public List<Tensor> Received { get; } = [];

        public void Visit(int slot, ref Tensor? tensor)
        {
            if (tensor is null) return;
            Sent.Add(tensor);
            tensor = tensor.requires_grad ? tensor.detach().requires_grad_() : tensor.detach();
            Received.Add(tensor);
        }
    }
}
