using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

        public static Linear Linear(
            long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null)
            => new(inputSize, outputSize, hasBias, device, dtype);

        public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

        public static Identity Identity() => new();

        public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);

        public static Unflatten Unflatten(long dim, long[] unflattened_size) => new(dim, unflattened_size);

        public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

        public static Dropout2d Dropout2d(double p = 0.5, bool inplace = false) => new(p, inplace);

        /// <summary>A table of values drawn from the standard normal distribution; the row of padding_idx is zero.</summary>
        public static Embedding Embedding(
            long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
            bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
        {
            var table = Op.Call(
                "aten::randn", new[] { num_embeddings, embedding_dims }, dtype ?? get_default_dtype(), Arg.None,
                device ?? get_default_device());
            if (padding_idx is { } index)
            {
                using var row = Op.Call("aten::select.int", table, 0, index);
                init.zeros_(row);
            }

            return new(table, true, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
        }

        /// <summary>A table of given values.</summary>
        /// <param name="embeddings">The table; it shares its data with the module.</param>
        /// <param name="freeze">Whether the table is not to be learned.</param>
        /// <param name="padding_idx">A row that gets no gradient.</param>
        /// <param name="max_norm">Rows with a larger norm are scaled down to it, in place, when used.</param>
        /// <param name="norm_type">The p of that norm.</param>
        /// <param name="scale_grad_by_freq">Whether gradients are divided by how often the batch has the index.</param>
        /// <param name="sparse">Whether the gradient is a sparse tensor.</param>
        /// <param name="device">Where the table is to be.</param>
        /// <param name="dtype">The element type of the table.</param>
        public static Embedding Embedding_from_pretrained(
            Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0,
            bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
        {
            using var data = Op.Call("aten::detach", embeddings);
            var table = Op.Call("aten::to.device", data, device ?? embeddings.device, dtype ?? embeddings.dtype);
            return new(table, !freeze, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
        }
    }
}
