namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Pads dimensions, the last one first.</summary>
            /// <param name="input">The tensor to pad.</param>
            /// <param name="pad">For each padded dimension how much before and how much after.</param>
            /// <param name="mode">What the padding consists of.</param>
            /// <param name="value">The value for constant padding.</param>
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => mode switch
                {
                    PaddingModes.Reflect => Op.Call("aten::pad", input, pad, "reflect"),
                    PaddingModes.Replicate => Op.Call("aten::pad", input, pad, "replicate"),
                    PaddingModes.Circular => Op.Call("aten::pad", input, pad, "circular"),
                    _ => Op.Call("aten::pad", input, pad, "constant", value),
                };

            public static Tensor pad(
                Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => functional.pad(input, pad.ToArray(), mode, value);

            /// <summary>Pads the last dimension.</summary>
            public static Tensor pad(
                Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            /// <summary>Pads the last two dimensions.</summary>
            public static Tensor pad(
                Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
                => functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            /// <summary>Pads all dimensions on both sides.</summary>
            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                var sizes = new long[input.ndim * 2];
                Array.Fill(sizes, pad);
                return functional.pad(input, sizes, mode, value);
            }
        }
    }
}
