namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The operations of modules as functions.</summary>
        public static partial class functional
        {
            /// <summary>x·Wᵀ + b</summary>
            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null)
                => Op.Call("aten::linear", input, weights, bias);

            public static Tensor conv1d(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null,
                long groups = 1)
                => Op.Call("aten::conv1d", input, weight, bias, stride ?? 1, padding ?? 0, dilation ?? 1, groups);

            public static Tensor conv1d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, Padding padding = Padding.Valid,
                long? dilation = null, long groups = 1)
                => Op.Call("aten::conv1d.padding", input, weight, bias, stride ?? 1, Name(padding), dilation ?? 1, groups);

            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? dilation = null, long groups = 1)
                => Op.Call("aten::conv2d", input, weight, bias, strides ?? One, padding ?? Zero, dilation ?? One, groups);

            public static Tensor conv2d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid,
                long[]? dilation = null, long groups = 1)
                => Op.Call("aten::conv2d.padding", input, weight, bias, strides ?? One, Name(padding), dilation ?? One, groups);

            private static readonly long[] One = [1];
            private static readonly long[] Zero = [0];

            internal static string Name(Padding padding) => padding == Padding.Same ? "same" : "valid";

            internal static long[] Pair((long, long) sizes) => [sizes.Item1, sizes.Item2];

            internal static long[]? Pair((long, long)? sizes) => sizes is { } given ? Pair(given) : null;

            internal static long[] Pair(long size) => [size, size];

            internal static long[]? Pair(long? size) => size is { } given ? Pair(given) : null;
        }
    }
}
