namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly long[] None = [];

            public static Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                bool ceil_mode = false)
                => Op.Call(
                    "aten::max_pool2d", input, kernel_size, strides ?? None, padding ?? Zero, dilation ?? One, ceil_mode);

            public static Tensor max_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null,
                bool ceil_mode = false)
                => max_pool2d(input, Pair(kernel_size), Pair(stride), Pair(padding), Pair(dilation), ceil_mode);

            public static Tensor max_pool2d(
                Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, bool ceil_mode = false)
                => max_pool2d(input, Pair(kernel_size), Pair(stride), Pair(padding), Pair(dilation), ceil_mode);

            public static (Tensor output, Tensor indices) max_pool2d_with_indices(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                bool ceil_mode = false)
            {
                var results = Op.CallMany(
                    "aten::max_pool2d_with_indices", input, kernel_size, strides ?? None, padding ?? Zero, dilation ?? One, ceil_mode);
                return (results[0], results[1]);
            }

            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null)
                => Op.Call(
                    "aten::avg_pool2d", input, kernel_size, stride ?? None, padding ?? Zero, ceil_mode, count_include_pad,
                    divisor_override);

            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null)
                => avg_pool2d(
                    input, Pair(kernel_size), Pair(stride), Pair(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(
                Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null)
                => avg_pool2d(
                    input, Pair(kernel_size), Pair(stride), Pair(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor adaptive_avg_pool2d(Tensor input, long[] output_size)
                => Op.Call("aten::adaptive_avg_pool2d", input, output_size);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size)
                => adaptive_avg_pool2d(input, Pair(output_size));

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size)
                => adaptive_avg_pool2d(input, Pair(output_size));
        }
    }
}
