namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(Q·Kᵀ/√d + mask)·V over the last two dimensions, [.., length, d].</summary>
            /// <param name="query">Q, [.., L, d].</param>
            /// <param name="key">K, [.., S, d].</param>
            /// <param name="value">V, [.., S, e].</param>
            /// <param name="attn_mask">Added to the scores; or, if boolean, true where attention is allowed.</param>
            /// <param name="p">Probability of dropping an attention weight.</param>
            /// <param name="is_casual">No position looks at a later one; not together with a mask.</param>
            public static Tensor scaled_dot_product_attention(
                Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (p < 0) throw new ArgumentException("Dropout probability must be greater than or equal to zero.");
                if (is_casual && attn_mask is not null)
                    throw new ArgumentException("Casual attention masking cannot pass a mask.");

                using var scope = NewDisposeScope();
                var length = query.shape[^2];
                var scaled = Op.Call("aten::div.Scalar", query, Math.Sqrt(query.shape[^1]));
                var scores = Op.Call("aten::matmul", scaled, Op.Call("aten::transpose.int", key, -2, -1));
                if (is_casual)
                    attn_mask = Op.Call(
                        "aten::tril", Op.Call("aten::ones", new[] { length, key.shape[^2] }, ScalarType.Bool, Arg.None, query.device));

                if (attn_mask is not null)
                    scores = attn_mask.dtype == ScalarType.Bool
                        ? Op.Call("aten::masked_fill.Scalar", scores, Op.Call("aten::logical_not", attn_mask), double.NegativeInfinity)
                        : Op.Call("aten::add.Tensor", scores, attn_mask);

                var weights = Op.Call("aten::softmax.int", scores, -1);
                if (p > 0) weights = Op.Call("aten::dropout", weights, p, true);
                return Op.Call("aten::matmul", weights, value).MoveToOuterDisposeScope();
            }
        }
    }
}
