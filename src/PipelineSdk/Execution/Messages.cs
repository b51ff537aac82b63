using System.Diagnostics;
using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>What travels forward between two stages: the values alive at the cut, owned by the receiver.</summary>
/// <param name="MicroBatch">The micro-batch.</param>
/// <param name="Values">Detached tensors that require a gradient where the sender wants one, and everything else alive.</param>
/// <param name="Producer">The span that sent it; default where nobody listens.</param>
internal readonly record struct ForwardMessage(int MicroBatch, Boundary Values, ActivityContext Producer);

/// <summary>What travels backward between two stages: a gradient, or null, for every tensor of the cut, owned by the receiver.</summary>
/// <param name="MicroBatch">The micro-batch.</param>
/// <param name="Gradients">By the order in which the boundary shows its tensors.</param>
/// <param name="Producer">The span that sent it; default where nobody listens.</param>
internal readonly record struct BackwardMessage(int MicroBatch, List<Tensor?> Gradients, ActivityContext Producer);
