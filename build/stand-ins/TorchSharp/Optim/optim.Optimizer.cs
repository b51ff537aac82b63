using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Changes parameters by their gradients.</summary>
        public abstract partial class Optimizer : IDisposable
        {
            protected IList<ParamGroup> _parameter_groups = [];

            private protected Optimizer()
            {
            }

            public virtual IEnumerable<ILearningRateController> ParamGroups => _parameter_groups;

            public virtual void add_param_group(ParamGroup param_group)
                => throw new NotSupportedException($"{GetType().Name} takes no further parameter groups.");

            /// <summary>Fills the gradients with zeros; it does not remove them.</summary>
            public virtual void zero_grad()
            {
                foreach (var parameter in parameters())
                {
                    using var grad = parameter.grad;
                    if (grad is not null) Op.Run("aten::zero_", grad);
                }
            }

            /// <summary>Changes the parameters once.</summary>
            /// <param name="closure">Computes the loss and the gradients, if that is not done yet.</param>
            /// <returns>What the closure returned.</returns>
            public virtual Tensor? step(Func<Tensor>? closure = null)
                => throw new NotSupportedException($"{GetType().Name} has no step of its own.");

            public virtual IEnumerable<Parameter> parameters() => _parameter_groups.SelectMany(group => group.Parameters);

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
            }

            /// <summary>Settings of each group and state of each parameter, both in the order in which the groups hold them.</summary>
            public class StateDictionary
            {
                internal StateDictionary()
                {
                }

                public List<OptimizerOptions> Options { get; } = [];

                public List<OptimizerState> State { get; } = [];

                /// <summary>For each group the places of its parameters in <see cref="State"/>.</summary>
                public List<List<int>> StateIndexRef { get; } = [];
            }
        }

        public interface ILearningRateController
        {
            double LearningRate { get; set; }

            double InitialLearningRate { get; set; }
        }

        public interface IMomentum
        {
            double Momentum { get; set; }
        }

        public interface IBetas
        {
            (double, double) Betas { get; set; }
        }
    }
}
