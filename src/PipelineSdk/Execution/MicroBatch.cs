using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>A micro-batch that the caller has made, for steps that get them one by one instead of a mini-batch to split.</summary>
/// <remarks>
/// Micro-batches of one step may have different numbers of samples and different shapes, such as sequences of different lengths. Under a schedule without
/// flushes each is a mini-batch of its own.
/// </remarks>
/// <param name="Inputs">The arguments of <c>forward</c>.</param>
/// <param name="Targets">What the loss compares with.</param>
public readonly record struct MicroBatch(ModelInputs Inputs, Tensor Targets);
