#nullable disable
namespace PipelineSdk.Generators.Models
{
    using TorchSharp;
    using TorchSharp.Modules;

    namespace Inside
    {
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;
        using Layer = TorchSharp.Modules.Linear;

        /// <summary>No nullable annotations, usings and an alias inside namespaces, directives inside the body.</summary>
        [Pipeline]
        public sealed partial class Oblivious : Module<Tensor, Tensor>
        {
            [PipelineStage(0)] private readonly Layer first = Linear(4, 4);
            [PipelineStage(1)] private readonly Layer second = Linear(4, 4);

            public Oblivious()
                : base(nameof(Oblivious)) => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                Tensor nothing = null;
                x = first.forward(
#if NET8_0_OR_GREATER
                    x
#else
                    missing
#endif
                );
                #region the second half
                var alias = typeof(Layer).Name;
                x = second.forward(x);
                #endregion
                return nothing is null && alias.Length > 0 ? x : nothing;
            }
        }
    }
}
