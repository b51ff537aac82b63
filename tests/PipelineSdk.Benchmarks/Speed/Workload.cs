using PipelineSdk.Benchmarks.Models;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>A model with a batch to train it on.</summary>
/// <param name="Name">What tables and the peers call it.</param>
/// <param name="Model">Makes the model.</param>
/// <param name="Batch">Makes inputs and targets of a whole batch.</param>
/// <param name="Loss">The loss, a mean over samples.</param>
/// <param name="MicroBatches">Into how many pieces the batch is cut.</param>
/// <param name="Samples">Samples in the batch.</param>
internal sealed record Workload<TModel>(
    string Name, Func<TModel> Model, Func<(Tensor X, Tensor Y)> Batch, Func<Tensor, Tensor, Tensor> Loss, int MicroBatches, int Samples) : IWorkload
    where TModel : nn.Module<Tensor, Tensor>, Model.IPipelineModel<TModel>
{
    public Comparison Compare(SpeedOptions options) => Comparison.Of(this, options);

    public double[] Lever(bool pin, bool tune) => Speed.Lever.Of(this, pin, tune);

    public MemoryRow Memory(string schedule) => MemoryRow.Of(this, schedule);
}

/// <summary>A workload, whatever the class of its model.</summary>
internal interface IWorkload
{
    string Name { get; }

    /// <summary>Measures everybody on it.</summary>
    Comparison Compare(SpeedOptions options);

    /// <summary>Seconds of a step through two stages, and of one thread, in this process.</summary>
    double[] Lever(bool pin, bool tune);

    /// <summary>Measures what a schedule holds on it, in this process.</summary>
    MemoryRow Memory(string schedule);
}

/// <summary>The work that is measured.</summary>
internal static class Workloads
{
    private const int Vocabulary = 10_000;
    private const int Time = 64;

    public static IReadOnlyList<IWorkload> All { get; } =
    [
        ResNet(512, 8),
        ResNet(128, 8),
        Transformer(4),
        Transformer(8),
        new Workload<Mlp>(
            "mlp-16x512", static () => new Mlp(16, 512), static () => (randn(512, 512), randn(512, 512)),
            static (output, target) => nn.functional.mse_loss(output, target), 8, 512),
    ];

    private static Workload<ResNet20> ResNet(int batch, int microBatches) => new(
        $"resnet20-{batch}/{batch / microBatches}", static () => new ResNet20(), () => (randn(batch, 3, 32, 32), randint(0, 10, [batch], ScalarType.Int64)),
        static (output, target) => nn.functional.cross_entropy(output, target), microBatches, batch);

    private static Workload<TransformerLm> Transformer(int heads) => new(
        $"transformer-{heads}h", () => new TransformerLm(layers: 4, heads, width: 240, Time, Vocabulary),
        static () =>
        {
            var tokens = randint(0, Vocabulary, [8, Time], ScalarType.Int64);
            return (tokens, tokens.roll(-1, 1));
        },
        static (output, target) => nn.functional.cross_entropy(output.reshape(-1, Vocabulary), target.reshape(-1)), 4, 8);
}
