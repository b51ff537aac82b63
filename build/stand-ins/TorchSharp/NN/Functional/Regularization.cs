namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => Op.Call(inplace ? "aten::dropout_" : "aten::dropout", input, p, training);

            /// <summary>Dropout of whole channels.</summary>
            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                => Op.Call(inplace ? "aten::feature_dropout_" : "aten::feature_dropout", input, p, training);

            /// <exception cref="ArgumentException">The elements are not 64-bit integers.</exception>
            public static Tensor one_hot(Tensor x, long num_classes = -1)
            {
                if (x.dtype != ScalarType.Int64)
                    throw new ArgumentException("OneHot input tensor must have elements of type Int64");
                return Op.Call("aten::one_hot", x, num_classes);
            }
        }
    }
}
