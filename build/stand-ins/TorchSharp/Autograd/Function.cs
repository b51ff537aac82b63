namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public abstract class Function<T>
            where T : Function<T>, new()
        {
            public abstract string Name { get; }

            internal static T Instance { get; } = new();

            public static List<Tensor> apply_internal(params object[] vars)
            {
                var inputs = vars.OfType<Tensor>().Where(tensor => !tensor.IsInvalid).ToArray();
                var executable = is_grad_enabled() && inputs.Any(tensor => tensor.requires_grad);
                using var node = new FunctionNode(Instance.Name, Instance.Backward, vars, inputs, executable);
                List<Tensor> outputs;
                using (no_grad()) outputs = Instance.Forward(node.Context, vars);
                return node.Wrap(outputs);
            }

            internal abstract List<Tensor> Forward(AutogradContext context, object[] vars);

            internal abstract List<Tensor> Backward(AutogradContext context, List<Tensor> gradients);
        }
    }
}
