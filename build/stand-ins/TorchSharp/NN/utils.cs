using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>Operations on all parameters of a model.</summary>
        public static partial class utils
        {
            /// <summary>Scales all gradients, in place, so that their common norm is at most <paramref name="max_norm"/>.</summary>
            /// <returns>The norm before.</returns>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var untracked = no_grad();
                using var scope = NewDisposeScope();
                var gradients = Gradients(tensors);
                if (gradients.Count == 0) return 0;

                var norms = gradients.Select(gradient => Op.Call("aten::norm.Scalar", gradient, norm_type)).ToArray();
                var total = norms.Length == 1 ? norms[0] : Op.Call("aten::norm.Scalar", Op.Call("aten::stack", norms), norm_type);

                // As libtorch, in the gradients' precision: always multiplied, by one where the norm is small enough, and 10⁻⁶ against a norm of zero.
                var scale = (total + 1e-6).reciprocal().mul(max_norm).clamp_max(1);
                foreach (var gradient in gradients) gradient.mul_(scale);
                return Op.CallDouble("aten::item", total);
            }

            /// <summary>Limits each element of the gradients, in place, to ±<paramref name="clip_value"/>.</summary>
            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var untracked = no_grad();
                using var scope = NewDisposeScope();
                foreach (var gradient in Gradients(tensors)) Op.Run("aten::clamp_", gradient, -clip_value, clip_value);
            }

            /// <summary>One vector of all elements.</summary>
            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                var flat = tensors.Select(parameter => Op.Call("aten::reshape", parameter, -1)).ToArray();
                return Op.Call("aten::cat", flat).MoveToOuterDisposeScope();
            }

            /// <summary>Writes such a vector's elements back.</summary>
            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var untracked = no_grad();
                using var scope = NewDisposeScope();
                var start = 0L;
                foreach (var parameter in tensors)
                {
                    var end = start + parameter.NumberOfElements;
                    var slice = Op.Call("aten::slice.Tensor", vec, 0, start, end);
                    Op.Run("aten::copy_", parameter, Op.Call("aten::view_as", slice, parameter));
                    start = end;
                }
            }

            private static List<Tensor> Gradients(IEnumerable<Parameter> parameters)
            {
                var gradients = new List<Tensor>();
                foreach (var parameter in parameters)
                    if (parameter.grad is { } gradient)
                        gradients.Add(gradient);
                return gradients;
            }
        }
    }
}
