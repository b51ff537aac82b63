using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Generators.Models;

/// <summary>A generic class around a generic model, both partial.</summary>
public static partial class Containers<TOuter>
    where TOuter : struct
{
    public partial struct Inner
    {
        /// <summary>The model.</summary>
        [Pipeline]
        public sealed partial class Nested<TBlock> : Module<Tensor, Tensor>
            where TBlock : Module<Tensor, Tensor>
        {
            [PipelineStage(0)] private readonly TBlock block;
            [PipelineStage(1)] private readonly Linear head = Linear(4, 2);

            public Nested(TBlock block)
                : base("Nested")
            {
                this.block = block;
                RegisterComponents();
            }

            public override Tensor forward(Tensor x)
            {
                x = block.forward(x);
                return head.forward(x);
            }
        }
    }
}
