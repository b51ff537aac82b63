using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Testing;

/// <summary>What one step trains on: a mini-batch that the pipeline splits, or micro-batches that the caller has made.</summary>
internal abstract class ComparedBatch
{
    /// <summary>A step of the pipeline.</summary>
    public abstract StepResult Train<TModel, TResult>(Pipeline<TModel> pipeline, Func<TResult, Tensor, Tensor> loss)
        where TModel : nn.Module, IPipelineModel<TModel>;

    /// <summary>The micro-batches that the pipeline makes of it.</summary>
    /// <param name="blueprint">The model's parameters.</param>
    /// <param name="options">How a mini-batch is split.</param>
    /// <param name="count">How many there are.</param>
    public abstract IReadOnlyList<MicroBatch> Pieces<TModel>(PipelineBlueprint<TModel> blueprint, PipelineOptions options, int count)
        where TModel : nn.Module;

    /// <summary>Split by the pipeline, and here by the same rules.</summary>
    public sealed class Whole(ModelInputs inputs, Tensor targets) : ComparedBatch
    {
        public override StepResult Train<TModel, TResult>(Pipeline<TModel> pipeline, Func<TResult, Tensor, Tensor> loss)
            => pipeline.TrainStep(inputs, targets, loss);

        public override IReadOnlyList<MicroBatch> Pieces<TModel>(PipelineBlueprint<TModel> blueprint, PipelineOptions options, int count)
        {
            var samples = targets.shape[options.TargetBatchDimension];
            var pieces = new List<MicroBatch>();
            var start = 0L;
            for (var i = 0; i < count; i++)
            {
                var size = options.MicroBatchSize is { } most ? Math.Min(most, samples - start) : (samples / count) + (i < samples % count ? 1 : 0);
                pieces.Add(new(Slice(blueprint, options, start, size), targets.narrow(options.TargetBatchDimension, start, size)));
                start += size;
            }

            return pieces;
        }

        private ModelInputs Slice<TModel>(PipelineBlueprint<TModel> blueprint, PipelineOptions options, long start, long size)
            where TModel : nn.Module
        {
            var values = inputs.Values.ToArray();
            if (values.Length != blueprint.Inputs.Count) throw CanNotDivide(blueprint, "their parts are not its own arguments");
            for (var i = 0; i < values.Length; i++)
            {
                var name = blueprint.Inputs[i].Name;
                if (values[i] is Tensor tensor && !options.ReplicatedInputs.Contains(name))
                    values[i] = tensor.narrow(options.BatchDimensions.TryGetValue(name, out var dimension) ? dimension : 0, start, size);
                else if (values[i] is not (null or Tensor or string or ValueType))
                    throw CanNotDivide(blueprint, $"'{name}' is a {TypeName.Of(values[i]!.GetType())}");
            }

            return new ModelInputs(values);
        }

        private static ArgumentException CanNotDivide<TModel>(PipelineBlueprint<TModel> blueprint, string reason)
            where TModel : nn.Module => new(
            $"PipelineAssert divides inputs that are tensors, not those of {blueprint.ModelName}.forward: {reason}. Give micro-batches instead: the overload that "
            + "takes lists of MicroBatch.");
    }

    /// <summary>Micro-batches as they are.</summary>
    public sealed class Parts(IReadOnlyList<MicroBatch> microBatches) : ComparedBatch
    {
        public override StepResult Train<TModel, TResult>(Pipeline<TModel> pipeline, Func<TResult, Tensor, Tensor> loss)
            => pipeline.TrainStep(microBatches, loss);

        public override IReadOnlyList<MicroBatch> Pieces<TModel>(PipelineBlueprint<TModel> blueprint, PipelineOptions options, int count) => microBatches;
    }
}
