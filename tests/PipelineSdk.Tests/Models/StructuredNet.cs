using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Models;

/// <summary>
/// A record as input, a record across the cuts, a dictionary of lists as result. What the result looks like depends on the sign of the
/// micro-batch's first number, where the input says so.
/// </summary>
[Pipeline]
public sealed partial class StructuredNet : Module<Request, Dictionary<string, List<Tensor?>>>
{
    [PipelineStage(0)] private readonly Linear first = Linear(4, 4);
    [PipelineStage(1)] private readonly Linear second = Linear(4, 4);
    [PipelineStage(2)] private readonly Linear third = Linear(4, 2);

    public StructuredNet()
        : base(nameof(StructuredNet)) => RegisterComponents();

    public override Dictionary<string, List<Tensor?>> forward(Request request)
    {
        var h = first.call(request.X);
        var kept = request.Odd switch
        {
            Odd.DerivedRecord => new KeptAndMore(h, [h.relu()]),
            Odd.Query => new Kept(h, new[] { h }.Select(item => item.relu())),
            _ => new Kept(h, [h.relu()]),
        };
        h = second.call(kept.Hidden + kept.Rest.First());
        foreach (var extra in request.Extras) h = h + extra * request.Mask;
        h = third.call(h);
        var differs = request.X[0, 0].item<float>() < 0;
        var result = new Dictionary<string, List<Tensor?>>();
        if (request.Odd == Odd.KeyOrder && differs) result["late"] = [h * 2];
        result["early"] = [h, request.Odd == Odd.MissingTensor && differs ? null : h.mean()];
        if (request.Odd == Odd.Length && differs) result["early"].Add(h);
        if (!(request.Odd == Odd.Keys && differs)) result["late"] = [h * 2];
        return result;
    }
}

public enum Odd
{
    Nothing,
    DerivedRecord,
    Query,
    KeyOrder,
    MissingTensor,
    Length,
    Keys,
}

public record Request(Tensor X, IReadOnlyList<Tensor> Extras, Tensor Mask, Odd Odd = Odd.Nothing);

public sealed record UrgentRequest(Tensor X, IReadOnlyList<Tensor> Extras, Tensor Mask) : Request(X, Extras, Mask);

public record Kept(Tensor Hidden, IEnumerable<Tensor> Rest);

public sealed record KeptAndMore(Tensor Hidden, IEnumerable<Tensor> Rest) : Kept(Hidden, Rest);
