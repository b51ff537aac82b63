using PipelineSdk.Schedules;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Models;

/// <summary>
/// Training without flushes as its papers define it, on one thread: one mini-batch after another, with a list of all versions of every stage's weights. Knows no
/// program, no worker and no link.
/// </summary>
internal sealed class StaleTrainer : IDisposable
{
    private readonly PiecesNet model;
    private readonly int stages;
    private readonly int? perUpdate;
    private readonly List<List<Parameter>> parameters = [];
    private readonly List<optim.Optimizer> optimizers = [];

    /// <param name="model">Is trained.</param>
    /// <param name="stageOfLayer">The stage of each of its layers.</param>
    /// <param name="perUpdate">Under PipeDream-2BW, how many micro-batches make a step; null is PipeDream.</param>
    /// <param name="optimizer">Makes the optimizer of a stage.</param>
    public StaleTrainer(
        PiecesNet model, IReadOnlyList<int> stageOfLayer, int? perUpdate, Func<IEnumerable<(string name, Parameter parameter)>, optim.Optimizer> optimizer)
    {
        this.model = model;
        this.perUpdate = perUpdate;
        stages = stageOfLayer.Max() + 1;
        foreach (var layers in model.layers.Zip(stageOfLayer).GroupBy(entry => entry.Second, entry => entry.First))
        {
            var own = layers.SelectMany(layer => layer.named_parameters()).DistinctBy(entry => entry.parameter, ReferenceEqualityComparer.Instance).ToList();
            parameters.Add([.. own.Select(entry => entry.parameter)]);
            optimizers.Add(optimizer(own));
        }
    }

    /// <summary>How many micro-batches make a step under a schedule without a flush; null for one each.</summary>
    public static int? PerUpdate(PipelineSchedule schedule, int stages)
        => schedule is PipeDreamTwoBufferedWeightsSchedule buffered ? buffered.MicroBatchesPerUpdate ?? stages : null;

    /// <summary>One run.</summary>
    /// <returns>The loss of each micro-batch.</returns>
    public double[] Train(Tensor x, Tensor y, int microBatches, Loss<Tensor, Tensor, Tensor> loss)
    {
        using var scope = NewDisposeScope();
        var sizes = Enumerable.Range(0, microBatches).Select(i => (x.shape[0] / microBatches) + (i < x.shape[0] % microBatches ? 1 : 0)).ToArray();
        var pieces = x.split(sizes).Zip(y.split(sizes)).ToList();
        var versions = parameters.Select(stage => new List<Tensor[]> { Copy(stage) }).ToList();
        var losses = new double[microBatches];
        for (var k = 0; k < microBatches; k++)
        {
            for (var stage = 0; stage < stages; stage++) Put(stage, versions[stage][VersionRead(stage, k)]);
            var value = loss.call(model.call(pieces[k].First), pieces[k].Second);
            losses[k] = value.item<float>();
            var group = sizes.Where((_, i) => UpdateOf(i) == UpdateOf(k)).Sum();
            autograd.backward(value, full_like(value, (double)sizes[k] / group));
            for (var stage = 0; stage < stages; stage++)
            {
                Put(stage, versions[stage][^1]);
                if (k < microBatches - 1 && UpdateOf(k + 1) == UpdateOf(k)) continue;
                optimizers[stage].step();
                foreach (var parameter in parameters[stage]) parameter.grad = null;
                versions[stage].Add(Copy(parameters[stage]));
            }
        }

        return losses;
    }

    public void Dispose() => optimizers.ForEach(static optimizer => optimizer.Dispose());

    // Narayanan et al. 2019: at stage s of n, k - (n-1-s) mini-batches have changed the weights. 2021: every stage is one batch behind.
    private int VersionRead(int stage, int k) => Math.Max(0, perUpdate is { } number ? (k / number) - 1 : k - (stages - 1 - stage));

    private int UpdateOf(int k) => k / (perUpdate ?? 1);

    private void Put(int stage, Tensor[] weights)
    {
        using var untracked = no_grad();
        for (var i = 0; i < weights.Length; i++) parameters[stage][i].copy_(weights[i]);
    }

    private static Tensor[] Copy(List<Parameter> stage) => [.. stage.Select(parameter => parameter.detach().clone())];
}
