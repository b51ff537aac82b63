namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>−log softmax(input)[target] over dimension 1; the target holds classes, or a probability for each.</summary>
            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0)
                => Op.Call("aten::cross_entropy_loss", input, target, weight, (long)reduction, ignore_index, label_smoothing);

            /// <summary>−input[target] over dimension 1; the input holds logarithms of probabilities.</summary>
            public static Tensor nll_loss(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => Op.Call("aten::nll_loss_nd", input, target, weight, (long)reduction);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => Op.Call("aten::mse_loss", input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean)
                => Op.Call("aten::l1_loss", input, target, (long)reduction);

            /// <summary>Squared below <paramref name="beta"/>, absolute above it.</summary>
            public static Tensor smooth_l1_loss(
                Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0)
                => Op.Call("aten::smooth_l1_loss", input, target, (long)reduction, beta);

            public static Tensor binary_cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean)
                => Op.Call("aten::binary_cross_entropy", input, target, weight, (long)reduction);

            public static Tensor binary_cross_entropy_with_logits(
                Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null)
                => Op.Call("aten::binary_cross_entropy_with_logits", input, target, weight, pos_weights, (long)reduction);
        }
    }
}
