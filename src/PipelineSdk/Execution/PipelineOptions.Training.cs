using TorchSharp;
using TorchSharp.Modules;

namespace PipelineSdk;

// What concerns the loss and the weights.
public sealed partial class PipelineOptions
{
    /// <summary>How a loss given as a function reduces over samples. Loss modules say so themselves.</summary>
    public LossReduction LossReduction { get; set; } = LossReduction.Mean;

    /// <summary>
    /// What a micro-batch counts for where the loss is a mean over something else than samples: given the micro-batch's targets, over how many
    /// elements its loss is the mean (of several targets, the first). For a loss over tokens that leaves padding out:
    /// <c>targets =&gt; targets.ne(padding).sum().item&lt;long&gt;()</c>. Null counts samples. Runs on the calling thread, before the step.
    /// </summary>
    public Func<torch.Tensor, double>? LossWeight { get; set; }

    /// <summary>
    /// Stops a step whose loss is not a finite number, before its backward, with a <see cref="PipelineException"/> that names
    /// step and micro-batch. Off by default, as in the uncut model.
    /// </summary>
    public bool StopOnNonFiniteLoss { get; set; }

    /// <summary>
    /// Makes the optimizers of the pipeline, such as <c>parameters =&gt; torch.optim.SGD(parameters, 0.1)</c>: one per worker, for the parameters of its
    /// stages, under their names in <c>state_dict</c>. Each steps on its worker's thread when the last gradient of all workers is there, so <c>TrainStep</c> leaves
    /// new weights behind; the gradients stay until the next step begins, and are cleared then. Null by default: the optimizer is the caller's own, and so
    /// are its <c>step</c> and <c>zero_grad</c>.
    /// </summary>
    /// <remarks>
    /// Schedules without a flush (PipeDream, PipeDream-2BW) need it: there a stage steps within the run, while others are still at work. Learning-rate
    /// schedulers are made of <see cref="IPipeline{TModel}.Optimizers"/>, one each.
    /// </remarks>
    public Func<IEnumerable<(string name, Parameter parameter)>, torch.optim.Optimizer>? Optimizer { get; set; }

    /// <summary>
    /// Scales the gradients of all stages so that their common 2-norm is at most this, before <see cref="Optimizer"/> steps, as
    /// <c>torch.nn.utils.clip_grad_norm_</c> does on the whole model: in the order of <c>Model.parameters()</c>, so that the numbers are the same for any
    /// number of stages and workers. Null, the default, scales nothing. With an optimizer of your own call <c>clip_grad_norm_</c> yourself.
    /// </summary>
    public double? MaxGradientNorm { get; set; }

    /// <summary>
    /// How many training steps add their gradients up before the weights change, at least 1. A loss that is a mean counts one part in so many, as if
    /// their mini-batches were one. <see cref="Optimizer"/> steps after every so many; an optimizer of your own should too.
    /// </summary>
    public int AccumulationSteps { get; set; } = 1;

    /// <summary>
    /// The dimension along which tensors of a parameter of <c>forward</c> are split into micro-batches, by the parameter's name, where it is not the first: 1 for
    /// a tensor of shape <c>[time, batch, features]</c>.
    /// </summary>
    public IDictionary<string, int> BatchDimensions { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>The dimension of the targets that counts samples; 0 by default.</summary>
    public int TargetBatchDimension { get; set; }

    /// <summary>The dimension of the model's results that counts samples; 0 by default.</summary>
    public int ResultBatchDimension { get; set; }
}
