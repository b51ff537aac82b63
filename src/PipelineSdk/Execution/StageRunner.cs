using PipelineSdk.Model;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// Runs the actions of one stage and owns what it keeps between them. Everything happens on the stage's worker thread, inside one
/// dispose scope per action; what leaves the action is detached from the scope first.
/// </summary>
internal sealed class StageRunner<TModel>
    where TModel : nn.Module
{
    private readonly Stage<TModel> stage;
    private readonly Receiver receiver = new();
    private readonly Sender sender = new();
    private readonly List<MicroBatchState> states = [];
    private readonly List<Boundary> outputs = [];
    private readonly List<Tensor> roots = [];
    private readonly List<Tensor> rootGradients = [];

    public StageRunner(Stage<TModel> stage) => this.stage = stage;

    public Stage<TModel> Stage => stage;

    /// <summary>Puts weight gradients off where backwards are split; null where none is. Set between steps.</summary>
    public WeightGradientStore? Store { get; set; }

    /// <summary>The versions of the weights where the program changes them within a run; null where it does not.</summary>
    public WeightStash? Weights { get; set; }

    /// <summary>Changes <see cref="Weights"/> within a run; null where it does not.</summary>
    public WorkerOptimizer? Optimizer { get; set; }

    /// <summary>The micro-batches whose activations the stage holds. Only on the worker's thread, or between steps.</summary>
    public int Held => states.Count(state => state.IsHeld);

    /// <summary>Makes room for a step's micro-batches.</summary>
    public void Prepare(int microBatches)
    {
        while (states.Count < microBatches)
        {
            states.Add(new MicroBatchState());
            outputs.Add(stage.CreateOutput());
        }
    }

    /// <summary>
    /// Forward of one micro-batch. Takes over <paramref name="input"/>; the returned boundary holds tensors for the next stage, or the
    /// model's result, and is the receiver's to empty.
    /// </summary>
    /// <param name="microBatch">The micro-batch.</param>
    /// <param name="input">What the stage before handed over.</param>
    /// <param name="keepGraph">Whether a backward follows.</param>
    /// <param name="bytes">Bytes of tensors handed on.</param>
    /// <param name="split">Whether the backward is split.</param>
    public Boundary Forward(int microBatch, Boundary input, bool keepGraph, out long bytes, bool split = false)
    {
        var state = states[microBatch];
        var output = outputs[microBatch];
        using var scope = new ActionScope();
        Run(microBatch, input, output, state, split);
        bytes = sender.Send(output, state, scope, keepGraph);
        if (!keepGraph) state.Release();
        return output;
    }

    /// <summary>Forward of one micro-batch on the last stage, with the loss.</summary>
    /// <param name="microBatch">The micro-batch.</param>
    /// <param name="input">What the stage before handed over.</param>
    /// <param name="keepGraph">Whether a backward follows: then the loss is kept for it and the model's result is not.</param>
    /// <param name="loss">Computes the loss from the filled boundary.</param>
    /// <param name="value">The loss as a number.</param>
    /// <param name="split">Whether the backward is split.</param>
    /// <returns>The model's result, empty where a backward follows.</returns>
    public Boundary Forward(
        int microBatch, Boundary input, bool keepGraph, Func<Boundary, int, Tensor> loss, out double value, bool split = false)
    {
        var state = states[microBatch];
        var output = outputs[microBatch];
        using var scope = new ActionScope();
        Run(microBatch, input, output, state, split);
        var computed = loss(output, microBatch);
        RequireScalar(computed);
        value = computed.detach().to(ScalarType.Float64).item<double>();
        if (keepGraph)
        {
            // A loss that comes from elsewhere (a field, an input) is not ours to dispose: take a handle of our own.
            state.Loss = (scope.Contains(computed) ? computed : computed.alias()).DetachFromDisposeScope();
            output.Clear();
        }
        else
        {
            sender.Send(output, state, scope, keepGraph: false);
            state.Release();
        }

        return output;
    }

    /// <summary>
    /// Backward of one micro-batch on the last stage: from the loss, which weighs <paramref name="weight"/>. Where the forward was told that it is
    /// split, of all but what was put off until <see cref="WeightGradient"/>.
    /// </summary>
    public List<Tensor?> Backward(int microBatch, double weight)
    {
        var state = states[microBatch];
        using var scope = new ActionScope();
        if (state.Loss!.requires_grad)
        {
            roots.Add(state.Loss);
            rootGradients.Add(state.Loss.detach().full_like(weight));
        }

        return Backward(microBatch, state);
    }

    /// <summary>Backward of one micro-batch, or the first part of it. Takes over the gradients of what the stage handed on.</summary>
    /// <returns>The gradients of what the stage received, for the stage before to take over.</returns>
    public List<Tensor?> Backward(int microBatch, List<Tensor?> gradients)
    {
        var state = states[microBatch];
        using var scope = new ActionScope();
        for (var i = 0; i < state.Inputs.Count; i++) state.InputGradients.Add(null);
        for (var i = 0; i < state.Outputs.Count; i++)
        {
            if (gradients[i] is not { } gradient) continue;
            var output = state.Outputs[i];
            if (output.PassesInput >= 0)
            {
                state.InputGradients[output.PassesInput] = gradient;
                gradients[i] = null;
            }
            else if (output.Tensor is not null)
            {
                roots.Add(output.Tensor);
                rootGradients.Add(gradient);
            }
        }

        try
        {
            return Backward(microBatch, state);
        }
        finally
        {
            MicroBatchState.ReleaseAll(gradients);
        }
    }

    /// <summary>The rest of a split backward: the gradients of weights that were put off.</summary>
    public void WeightGradient(int microBatch)
    {
        var state = states[microBatch];
        using var scope = new ActionScope();
        using (Weights?.Use(microBatch) ?? default) DeferredCall.BackwardToParameters(state.Deferred);
        state.Release();
    }

    /// <summary>
    /// Disposes what the stage still keeps of a step that was given up. What it had handed on is no longer its own.
    /// </summary>
    public void Release()
    {
        foreach (var state in states) state.Release();
    }

    /// <summary>The optimizer's step within a run: makes the next version of the weights.</summary>
    public void Update(int version)
    {
        using var scope = new ActionScope();
        Weights!.Update(Optimizer, version);
    }

    private void Run(int microBatch, Boundary input, Boundary output, MicroBatchState state, bool split)
    {
        receiver.Receive(input, state);
        try
        {
            using var weights = Weights?.Use(microBatch) ?? default;
            if (split) Store!.BeginRecording(state.Deferred);
            stage.Forward(input, output, state.Inputs);
        }
        catch
        {
            output.Clear();
            throw;
        }
        finally
        {
            if (split) Store!.EndRecording();
            input.Clear();
        }
    }

    private static void RequireScalar(Tensor loss)
    {
        if (loss is null) throw new InvalidOperationException("The loss function returned null; it must return a tensor with one element.");
        if (loss.numel() != 1)
        {
            throw new InvalidOperationException(
                $"The loss function returned a tensor of shape [{string.Join(", ", loss.shape)}]; it must return one number per "
                + "micro-batch, as reduction mean or sum does.");
        }
    }

    private List<Tensor?> Backward(int microBatch, MicroBatchState state)
    {
        try
        {
            using var weights = Weights?.Use(microBatch) ?? default;
            if (roots.Count > 0) autograd.backward(roots, rootGradients);
            foreach (var call in state.Deferred) call.CloseInput();
        }
        catch
        {
            MicroBatchState.ReleaseAll(state.InputGradients);
            throw;
        }
        finally
        {
            roots.Clear();
            rootGradients.Clear();
        }

        for (var i = 0; i < state.Inputs.Count; i++)
        {
            if (state.InputGradients.Count == i) state.InputGradients.Add(null);
            if (state.InputGradients[i] is null && state.Inputs[i] is { requires_grad: true } leaf)
            {
                state.InputGradients[i] = leaf.grad?.DetachFromDisposeScope();
            }
        }

        state.ReleaseGraph();
        return state.InputGradients;
    }

    /// <summary>Notes the tensors of an incoming boundary, each once.</summary>
    private sealed class Receiver : ITensorVisitor
    {
        private List<Tensor?> inputs = null!;

        public void Receive(Boundary boundary, MicroBatchState state)
        {
            inputs = state.Inputs;
            boundary.VisitTensors(this);
        }

        public void Visit(int slot, ref Tensor? tensor)
            => inputs.Add(tensor is null || SameTensor.IndexIn(inputs, tensor) >= 0 ? null : tensor);
    }

    /// <summary>Puts a detached tensor in the place of every computed one, and notes where its gradient goes.</summary>
    private sealed class Sender : ITensorVisitor
    {
        private readonly List<(Tensor Computed, Tensor Handed)> handed = [];
        private MicroBatchState state = null!;
        private ActionScope scope = null!;
        private bool keepGraph;
        private long bytes;

        public long Send(Boundary boundary, MicroBatchState microBatch, ActionScope actionScope, bool keepGraph)
        {
            (state, scope, this.keepGraph, bytes) = (microBatch, actionScope, keepGraph, 0);
            try
            {
                boundary.VisitTensors(this);
                return bytes;
            }
            catch
            {
                // A value that can't be taken apart shows only here; what was made for the receiver so far has none.
                foreach (var (_, copy) in handed) copy.Dispose();
                boundary.Clear();
                throw;
            }
            finally
            {
                handed.Clear();
            }
        }

        public void Visit(int slot, ref Tensor? tensor)
        {
            var computed = tensor;
            if (computed is null)
            {
                state.Outputs.Add(StageOutput.None);
                return;
            }

            foreach (var (known, copy) in handed)
            {
                if (!ReferenceEquals(known, computed)) continue;
                tensor = copy;
                state.Outputs.Add(StageOutput.None);
                return;
            }

            var wantsGradient = keepGraph && computed.requires_grad;
            var detached = computed.detach().DetachFromDisposeScope();
            handed.Add((computed, detached));
            tensor = detached;
            if (wantsGradient) detached.requires_grad_();
            bytes += ByteCount.Of(detached);
            state.Outputs.Add(wantsGradient ? Route(computed) : StageOutput.None);
        }

        private StageOutput Route(Tensor computed)
        {
            var input = SameTensor.IndexIn(state.Inputs, computed);
            if (input >= 0) return new StageOutput(null, false, input);
            var owned = scope.Contains(computed);
            if (owned) computed.DetachFromDisposeScope();
            return new StageOutput(computed, owned, -1);
        }
    }
}
