namespace TorchSharp;

public static partial class torch
{
    public static partial class autograd
    {
        public abstract class MultiTensorFunction<T> : Function<T>
            where T : MultiTensorFunction<T>, new()
        {
            public static List<Tensor> apply(params object[] vars) => apply_internal(vars);

            public abstract List<Tensor> forward(AutogradContext ctx, params object[] vars);

            public abstract List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs);

            internal sealed override List<Tensor> Forward(AutogradContext context, object[] vars) => forward(context, vars);

            internal sealed override List<Tensor> Backward(AutogradContext context, List<Tensor> gradients) =>
                backward(context, gradients);
        }
    }
}
