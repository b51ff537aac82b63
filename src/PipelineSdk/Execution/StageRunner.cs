using System.Diagnostics;
using PipelineSdk.Model;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// Runs the actions of one stage and owns what it keeps between them. Everything happens on the stage's worker thread, each action inside the
/// thread's scope; what leaves the action is detached from it first.
/// </summary>
internal sealed class StageRunner<TModel>
    where TModel : nn.Module
{
    private readonly Stage<TModel> stage;
    private readonly BoundaryReceiver receiver;
    private readonly BoundarySender sender = new();
    private readonly LossHead<TModel> lossHead = new();
    private readonly List<MicroBatchState> states = [];
    private readonly List<Boundary> outputs = [];
    private readonly StageBackward backward = new();
    private int microBatchesOfStep;

    /// <param name="stage">The stage.</param>
    /// <param name="device">Where it computes; null on the CPU.</param>
    public StageRunner(Stage<TModel> stage, StageDevice? device = null)
    {
        this.stage = stage;
        Device = device ?? StageDevice.Cpu;
        receiver = new BoundaryReceiver(Device.Arrivals);
    }

    public Stage<TModel> Stage => stage;

    /// <summary>Where the stage computes.</summary>
    public StageDevice Device { get; }

    /// <summary>Puts weight gradients off where backwards are split; null where none is. Set between steps.</summary>
    public WeightGradientStore? Store { get; set; }

    /// <summary>For which micro-batches the forward is run again before the backward.</summary>
    public ActivationRecompute Recompute { get; init; }

    /// <summary>Takes statistics of batch normalisation in first forwards; null where layers keep their own.</summary>
    public DeferredBatchNorms? Norms { get; init; }

    /// <summary>How long the last backward ran the forward again, in ticks of <see cref="Stopwatch"/>; 0 where it did not.</summary>
    public long RecomputeTicks { get; private set; }

    /// <summary>The versions of the weights where the program changes them within a run; null where it does not.</summary>
    public WeightStash? Weights { get; set; }

    /// <summary>Changes <see cref="Weights"/> within a run; null where it does not.</summary>
    public WorkerOptimizer? Optimizer { get; set; }

    /// <summary>The micro-batches whose activations the stage holds. Only on the worker's thread, or between steps.</summary>
    public int Held => states.Count(state => state.IsHeld);

    /// <summary>Makes room for a step's micro-batches.</summary>
    public void Prepare(int microBatches)
    {
        microBatchesOfStep = microBatches;
        lossHead.Prepare(microBatches);
        while (states.Count < microBatches)
        {
            // First what may throw: a hand-written stage makes it.
            outputs.Add(stage.CreateOutput());
            states.Add(new MicroBatchState());
        }
    }

    /// <summary>
    /// Forward of one micro-batch. Takes over <paramref name="input"/>; the returned boundary holds tensors for the next stage, or the
    /// model's result, and is the receiver's to empty.
    /// </summary>
    /// <param name="scope">The thread's scope.</param>
    /// <param name="microBatch">The micro-batch.</param>
    /// <param name="input">What the stage before handed over.</param>
    /// <param name="keepGraph">Whether a backward follows.</param>
    /// <param name="bytes">Bytes of tensors handed on.</param>
    /// <param name="split">Whether the backward is split.</param>
    public Boundary Forward(ActionScope scope, int microBatch, Boundary input, bool keepGraph, out long bytes, bool split = false)
    {
        var state = states[microBatch];
        var output = outputs[microBatch];
        using var action = Device.Begin(scope);
        bytes = RunAndSend(microBatch, input, scope, keepGraph, split);
        if (!keepGraph) state.Release();
        return output;
    }

    /// <summary>Forward of one micro-batch on the last stage, with the loss.</summary>
    /// <param name="scope">The thread's scope.</param>
    /// <param name="microBatch">The micro-batch.</param>
    /// <param name="input">What the stage before handed over.</param>
    /// <param name="keepGraph">Whether a backward follows: then the loss is kept for it and the model's result is not.</param>
    /// <param name="loss">Computes the loss from the filled boundary.</param>
    /// <param name="value">The loss as a number.</param>
    /// <param name="split">Whether the backward is split.</param>
    /// <returns>The model's result, empty where a backward follows.</returns>
    public Boundary Forward(
        ActionScope scope, int microBatch, Boundary input, bool keepGraph, Func<Boundary, int, Tensor> loss, out double value, bool split = false)
    {
        var state = states[microBatch];
        var output = outputs[microBatch];
        using var action = Device.Begin(scope);
        if (keepGraph && RunsAgain(microBatch))
        {
            RunAndSend(microBatch, input, scope, keepGraph, split);
            value = lossHead.Forward(microBatch, output, loss, scope);
            return output;
        }

        receiver.Receive(input, state);
        Run(microBatch, input, output, split);
        var computed = loss(output, microBatch);
        value = LossTensor.ValueOf(computed);
        if (keepGraph)
        {
            state.Loss = LossTensor.Keep(computed, scope);
            output.Clear();
        }
        else
        {
            sender.Send(output, state, scope, wantsGradient: false, keepGraph: false);
            state.Release();
        }

        return output;
    }

    /// <summary>
    /// Backward of one micro-batch on the last stage: from the loss, which weighs <paramref name="weight"/>. Where the forward was told that it is
    /// split, of all but what was put off until <see cref="WeightGradient"/>.
    /// </summary>
    public List<Tensor?> Backward(ActionScope scope, int microBatch, double weight)
    {
        var state = states[microBatch];
        if (state.Received.IsHeld) return Backward(scope, microBatch, lossHead.Backward(scope, microBatch, weight));
        RecomputeTicks = 0;
        using var action = Device.Begin(scope);
        using var weights = Weights?.Use(microBatch) ?? default;
        return backward.Run(state, weight);
    }

    /// <summary>Backward of one micro-batch, or the first part of it. Takes over the gradients of what the stage handed on.</summary>
    /// <returns>The gradients of what the stage received, for the stage before to take over.</returns>
    public List<Tensor?> Backward(ActionScope scope, int microBatch, List<Tensor?> gradients)
    {
        var state = states[microBatch];
        using var action = Device.Begin(scope);
        RecomputeTicks = 0;
        try
        {
            if (!state.Received.IsHeld) return Backward(microBatch, gradients);
            using var run = stage.Buffers.Begin(state.Received.Buffers);
            RunAgain(microBatch, scope);
            run.EndForward();
            RequireSameOutputs(state, gradients);
            return Backward(microBatch, gradients);
        }
        finally
        {
            MicroBatchState.ReleaseAll(gradients);
        }
    }

    /// <summary>The rest of a split backward: the gradients of weights that were put off.</summary>
    public void WeightGradient(ActionScope scope, int microBatch)
    {
        var state = states[microBatch];
        using var action = Device.Begin(scope);
        using (Weights?.Use(microBatch) ?? default) DeferredCall.BackwardToParameters(state.Deferred);
        state.Release();
    }

    /// <summary>
    /// Disposes what the stage still keeps of a step that was given up. What it had handed on is no longer its own.
    /// </summary>
    public void Release()
    {
        foreach (var state in states) state.Release();
        lossHead.Release();
    }

    /// <summary>The optimizer's step within a run: makes the next version of the weights.</summary>
    public void Update(ActionScope scope, int version)
    {
        using var action = Device.Begin(scope);
        Weights!.Update(Optimizer, version);
    }

    private List<Tensor?> Backward(int microBatch, List<Tensor?> gradients)
    {
        using var weights = Weights?.Use(microBatch) ?? default;
        return backward.Run(states[microBatch], gradients);
    }

    private bool RunsAgain(int microBatch) => Recompute.Covers(microBatch, microBatchesOfStep);

    /// <summary>
    /// Runs the stage and hands on what it yields. Where the forward is run again, the graph ends with the action. It is made all the same: it
    /// tells what is computed with a gradient and what is not, and the backward needs as much memory besides.
    /// </summary>
    private long RunAndSend(int microBatch, Boundary input, ActionScope scope, bool keepGraph, bool split)
    {
        var state = states[microBatch];
        var output = outputs[microBatch];
        if (!keepGraph || !RunsAgain(microBatch))
        {
            receiver.Receive(input, state);
            Run(microBatch, input, output, split);
            return sender.Send(output, state, scope, keepGraph, keepGraph);
        }

        receiver.Receive(input, state);
        state.Received.Hold(input, state.Inputs, split, stage.Buffers);
        Run(microBatch, input, output, split: false, held: state.Received);
        var bytes = sender.Send(output, state, scope, wantsGradient: true, keepGraph: false);
        state.Received.Close(state.Inputs);
        return bytes;
    }

    /// <summary>Runs the forward on what it received once more, and keeps the graph for the backward that follows.</summary>
    private void RunAgain(int microBatch, ActionScope scope)
    {
        var start = Stopwatch.GetTimestamp();
        var state = states[microBatch];
        var output = outputs[microBatch];
        var split = state.Received.Split;
        Run(microBatch, state.Received.Take(), output, split, again: true);
        sender.Note(output, state, scope);
        output.Clear();
        RecomputeTicks = Stopwatch.GetTimestamp() - start;
    }

    private void RequireSameOutputs(MicroBatchState state, List<Tensor?> gradients)
    {
        var same = state.Outputs.Count == gradients.Count;
        for (var i = 0; same && i < gradients.Count; i++) same = gradients[i] is null || state.Outputs[i].TakesGradient;
        if (same) return;
        throw new InvalidOperationException(
            $"Stage {stage.Index} ({stage.Name}) computed other tensors when its forward was run again for the backward: its statements depend on more than "
            + $"what they receive. Make them repeatable, or set PipelineOptions.RecomputeOfStage[{stage.Index}] = ActivationRecompute.Never.");
    }

    private void Run(int microBatch, Boundary input, Boundary output, bool split, bool again = false, ReceivedValues? held = null)
    {
        var state = states[microBatch];
        try
        {
            using var weights = Weights?.Use(microBatch) ?? default;
            if (split) Store!.BeginRecording(state.Deferred);
            if (!again) Norms?.Enter(microBatch);
            stage.Forward(input, output, state.Inputs, microBatch, held);
        }
        catch
        {
            output.Clear();
            throw;
        }
        finally
        {
            if (split) Store!.EndRecording();
            DeferredBatchNorms.Leave();
            input.Clear();
        }
    }
}
