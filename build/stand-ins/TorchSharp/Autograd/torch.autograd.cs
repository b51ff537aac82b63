using System.Runtime.InteropServices;

namespace TorchSharp;

public static partial class torch
{
    // autograd.grad is left out on purpose: in TorchSharp an error inside it ends the process.
    public static partial class autograd
    {
        public static void backward(
            Tensor tensor,
            Tensor grad_tensor,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static void backward(
            Tensor tensor,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null) => backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static unsafe void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            var roots = Handles(tensors);
            var gradients = Handles(grad_tensors);
            var leaves = Handles(inputs);
            _ = FunctionNode.TakeFailure();
            int status;
            fixed (nint* first = roots, second = gradients, third = leaves)
                status = Native.pst_backward(
                    first,
                    roots.Length,
                    second,
                    gradients.Length,
                    retain_graph ?? create_graph ? 1 : 0,
                    create_graph ? 1 : 0,
                    third,
                    leaves.Length);
            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
            if (status != 0 && FunctionNode.TakeFailure() is { } failure)
                throw new ExternalException($"A custom autograd function failed in backward: {failure.Message}", failure);
            Native.Check(status);
        }

        internal static nint[] Handles(IEnumerable<Tensor?>? tensors) => tensors?.Select(tensor => tensor?.Handle ?? 0).ToArray() ?? [];
    }

    public partial class Tensor
    {
        public void backward() => autograd.backward([this]);

        public void backward(
            IList<Tensor>? grad_tensors = null,
            bool retain_graph = false,
            bool create_graph = false,
            IList<Tensor>? inputs = null) => autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
