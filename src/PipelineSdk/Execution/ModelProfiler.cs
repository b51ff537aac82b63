using System.Diagnostics;
using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// Measures one segment after the other, each as a stage of its own: forward, backward, and the part of the backward that makes
/// gradients of weights. Runs on the calling thread.
/// </summary>
internal sealed class ModelProfiler<TModel>
    where TModel : nn.Module
{
    private readonly TModel model;
    private readonly PipelineBlueprint<TModel> blueprint;
    private readonly Boundary inputs;
    private readonly Func<Boundary, int, Tensor> loss;
    private readonly MeasuredSegment<TModel>[] parts;
    private bool lossHasGraph;

    /// <param name="model">The model.</param>
    /// <param name="blueprint">Its cut.</param>
    /// <param name="inputs">The bound arguments of <c>forward</c>; left as they are.</param>
    /// <param name="loss">Computes the loss from the last segment's boundary.</param>
    public ModelProfiler(TModel model, PipelineBlueprint<TModel> blueprint, Boundary inputs, Func<Boundary, Tensor> loss)
    {
        this.model = model;
        this.blueprint = blueprint;
        this.inputs = inputs;
        this.loss = (output, _) =>
        {
            var value = loss(output);
            lossHasGraph = value is { requires_grad: true };
            return value;
        };
        parts = [.. blueprint.SegmentsOf(model).Select((segment, i) => new MeasuredSegment<TModel>(new Stage<TModel>(i, model, [segment])))];
    }

    /// <summary>Measures.</summary>
    /// <param name="samples">The samples of the inputs.</param>
    /// <param name="options">How often.</param>
    /// <exception cref="InvalidOperationException">A segment or the loss failed; the cause is the inner exception.</exception>
    public ModelProfile Measure(int samples, ProfilerOptions options)
    {
        using var state = new ModelState(model);
        using var gradMode = set_grad_enabled(true);
        using var idleAction = new IdleAction();
        var overhead = new List<double>();
        try
        {
            MeasureActivations();
            for (var i = 0; i < options.WarmUp + options.Repetitions; i++)
            {
                overhead.Add(idleAction.Time());
                Run();
            }
        }
        finally
        {
            foreach (var part in parts) part.Runner.Release();
        }

        var idle = MeasuredTime.From(overhead, options.WarmUp).Median;
        var canCut = CutPlaces.Of(model, [.. parts.Select(part => part.Segment)]);
        var costs = parts.Select((part, i) => part.Costs(options.WarmUp, idle) with { CanCutAfter = canCut[i] }).ToArray();
        return new ModelProfile(blueprint.ModelName, samples, costs)
        {
            Unit = "ms",
            ActionOverhead = idle,
        };
    }

    /// <summary>One micro-batch forward and backward through all segments, then once more for the gradients of weights.</summary>
    private void Run()
    {
        var boundary = BoundaryCopy.Of(inputs, keepRequiresGrad: true);
        var received = new Boundary?[parts.Length];
        var gradients = new List<Tensor?>();
        var wanted = new List<Tensor?>?[parts.Length];
        try
        {
            for (var i = 0; i < parts.Length; i++)
            {
                received[i] = BoundaryCopy.Of(boundary, keepRequiresGrad: false);
                boundary = Forward(i, boundary, parts[i].Forward);
            }

            for (var i = parts.Length - 1; i >= 0; i--)
            {
                wanted[i] = Copies(gradients);
                gradients = Backward(i, gradients, parts[i].Backward);
            }

            for (var i = 0; i < parts.Length; i++)
            {
                if (!parts[i].SplitsBackward)
                {
                    parts[i].WeightGradient.Add(0);
                    continue;
                }

                var output = Forward(i, received[i]!, times: null);
                BoundaryTensors.Dispose(output);
                received[i] = null;
                MicroBatchState.ReleaseAll(Backward(i, wanted[i]!, parts[i].WeightGradient));
            }
        }
        finally
        {
            BoundaryTensors.Dispose(boundary);
            MicroBatchState.ReleaseAll(gradients);
            foreach (var copy in received)
            {
                if (copy is not null) BoundaryTensors.Dispose(copy);
            }

            foreach (var copies in wanted)
            {
                if (copies is not null) MicroBatchState.ReleaseAll(copies);
            }
        }
    }

    private Boundary Forward(int index, Boundary boundary, List<double>? times)
    {
        var part = parts[index];
        if (times is not null) part.ReceivesGraph = BoundaryTensors.List(boundary).Any(tensor => tensor is { requires_grad: true });
        try
        {
            using var scope = new ActionScope();
            var start = Stopwatch.GetTimestamp();
            var bytes = 0L;
            var output = index < parts.Length - 1
                ? part.Runner.Forward(scope, 0, boundary, keepGraph: true, out bytes)
                : part.Runner.Forward(scope, 0, boundary, keepGraph: true, loss, out double _);
            times?.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            part.OutputBytes = bytes;
            return output;
        }
        catch (Exception error)
        {
            throw Failure("forward", index, error);
        }
    }

    /// <summary>Takes over <paramref name="gradients"/>; what it returns is the caller's.</summary>
    private List<Tensor?> Backward(int index, List<Tensor?> gradients, List<double> times)
    {
        var part = parts[index];
        var last = index == parts.Length - 1;
        var anything = last ? lossHasGraph : gradients.Exists(gradient => gradient is not null);
        try
        {
            using var scope = new ActionScope();
            var start = Stopwatch.GetTimestamp();
            var handedBack = last ? part.Runner.Backward(scope, 0, weight: 1) : part.Runner.Backward(scope, 0, gradients);
            times.Add(anything ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : 0);
            // The list is the runner's to fill again.
            var taken = new List<Tensor?>(handedBack);
            handedBack.Clear();
            return taken;
        }
        catch (Exception error)
        {
            throw Failure("backward", index, error);
        }
    }

    /// <summary>
    /// Counts the tensors that a segment takes and makes, without the model's own. A dispose scope sees what the segment's statements
    /// and modules made and nobody disposed.
    /// </summary>
    private void MeasureActivations()
    {
        var own = model.parameters().Concat(model.buffers()).ToList();
        var boundary = BoundaryCopy.Of(inputs, keepRequiresGrad: true);
        for (var i = 0; i < parts.Length; i++)
        {
            using var scope = NewDisposeScope();
            var received = BoundaryTensors.List(boundary);
            var leaves = received.Where(tensor => tensor is not null).ToList();
            var output = parts[i].Stage.CreateOutput();
            try
            {
                parts[i].Stage.Forward(boundary, output, leaves);
            }
            catch (Exception error)
            {
                MicroBatchState.ReleaseAll(received);
                throw Failure("forward", i, error);
            }

            parts[i].ActivationBytes = MemoryCount.Of(leaves.Concat(scope.DisposablesView.OfType<Tensor>()), besides: own);
            boundary = BoundaryCopy.Of(output, keepRequiresGrad: true);
            foreach (var tensor in received) tensor?.Dispose();
            output.Clear();
        }

        BoundaryTensors.Dispose(boundary);
    }

    private static List<Tensor?> Copies(List<Tensor?> tensors) => [.. tensors.Select(tensor => tensor?.clone().DetachFromDisposeScope())];

    private InvalidOperationException Failure(string work, int index, Exception cause)
    {
        var where = index == parts.Length - 1 ? " or the loss" : "";
        return new InvalidOperationException(
            $"The {work} of segment {index} ('{parts[index].Segment.Name}'){where} failed on the sample input, so that "
            + $"{blueprint.ModelName} can't be measured: {cause.GetType().Name}: {cause.Message}",
            cause);
    }
}
