using static TorchSharp.torch;

namespace Jaeger;

/// <summary>Points on two spirals that wind around each other, with a little noise.</summary>
internal static class Spirals
{
    /// <summary>Draws a batch: points of shape <c>[size, 2]</c> and which spiral each is on, 0 or 1, of shape <c>[size]</c>.</summary>
    public static (Tensor Points, Tensor Spiral) Draw(int size)
    {
        var spiral = randint(0, 2, new long[] { size }, dtype: ScalarType.Int64);
        var turn = rand(size).sqrt() * (3 * MathF.PI);
        var angle = turn + (spiral.to(ScalarType.Float32) * MathF.PI);
        var points = stack([turn * angle.cos(), turn * angle.sin()], 1) / (3 * MathF.PI);
        return (points + (randn(size, 2) * 0.01), spiral);
    }
}
