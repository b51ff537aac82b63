using PipelineSdk.Benchmarks.Models;
using static TorchSharp.torch;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>The work that is measured.</summary>
internal static class Workloads
{
    private const int Vocabulary = 10_000;
    private const int Time = 64;

    public static IWorkload ResNet512 { get; } = ResNet(512, 8);

    public static IWorkload ResNet128 { get; } = ResNet(128, 8);

    public static IWorkload FourHeads { get; } = Transformer(4);

    public static IWorkload EightHeads { get; } = Transformer(8);

    public static IWorkload Mlp { get; } = new Workload<Mlp>(
        "mlp-16x512", static () => new Mlp(16, 512), static () => (randn(512, 512), randn(512, 512)),
        static (output, target) => nn.functional.mse_loss(output, target), 8, 512);

    public static IReadOnlyList<IWorkload> All { get; } = [ResNet512, ResNet128, FourHeads, EightHeads, Mlp];

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
