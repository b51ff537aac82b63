using System.Diagnostics;
using PipelineSdk.Diagnostics;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// One long-lived thread that runs one program per step, over one or several stages: takes what an action needs from its links, runs
/// it, hands on what it yields. Knows no schedule.
/// </summary>
internal sealed class Worker<TModel> : IWatchedWorker, IDisposable
    where TModel : nn.Module
{
    private readonly int index;
    private readonly WorkerThreadSettings settings;
    private readonly IReadOnlyDictionary<int, StageRunner<TModel>> runners;
    private readonly SemaphoreSlim begin = new(0);
    private readonly SemaphoreSlim done = new(0);
    private readonly WorkerNotes notes;
    private readonly Thread thread;
    private StepRun? run;
    private Exception? startFailure;

    /// <param name="name">The thread's name.</param>
    /// <param name="index">The worker's number.</param>
    /// <param name="settings">Cores and intra-op threads.</param>
    /// <param name="runners">The worker's stages, by stage number.</param>
    public Worker(
        string name, int index, WorkerThreadSettings settings, IReadOnlyDictionary<int, StageRunner<TModel>> runners)
    {
        this.index = index;
        this.settings = settings;
        this.runners = runners;
        notes = new WorkerNotes(index);
        thread = new Thread(Loop, WorkerThreadSettings.StackSize) { IsBackground = true, Name = name };
        // Without the caller's execution context: its current activity would stay the parent of every later span.
        thread.UnsafeStart();
    }

    /// <summary>What the worker did in the last step; read it only between <see cref="Wait(int)"/> and <see cref="Begin"/>.</summary>
    public TimelineRecorder Recorder => notes.Recorder;

    /// <summary>The forwards whose activations the worker holds. Only on the worker's thread, or between steps.</summary>
    public int Held => runners.Values.Sum(runner => runner.Held);

    /// <summary>Whether the calling thread is the worker's.</summary>
    public bool IsCurrent => Thread.CurrentThread == thread;

    public bool IsAlive => thread.IsAlive;

    public WorkerPosition Position => notes.Progress.Read();

    /// <summary>Starts a step.</summary>
    public void Begin(StepRun step)
    {
        notes.Progress.Enter(0, WorkerPhase.NotBegun);
        Release(step);
    }

    public bool Wait(int milliseconds) => done.Wait(milliseconds);

    public void ReleaseHeld()
    {
        foreach (var runner in runners.Values) runner.Release();
    }

    /// <summary>Ends the thread. Only between steps.</summary>
    public void Dispose()
    {
        Release(null);
        thread.Join();
        begin.Dispose();
        done.Dispose();
    }

    private void Release(StepRun? step)
    {
        run = step;
        begin.Release();
    }

    private void Loop()
    {
        try
        {
            // Before the thread's first parallel region, so that its OpenMP team inherits both.
            settings.Apply(index);
        }
#pragma warning disable CA1031 // An exception that leaves a thread ends the process; the first step reports it instead.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            startFailure = exception;
        }

        while (true)
        {
            begin.Wait();
            if (run is not { } step) return;
            try
            {
                if (startFailure is not null) step.Fail(startFailure);
                else if (step.IsFlushed) RunUpdate(step);
                else Run(step);
            }
#pragma warning disable CA1031 // As above: outside of an action too.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                step.Fail(exception);
            }

            run = null;
            notes.Progress.Enter(0, WorkerPhase.Ended);
            done.Release();
        }
    }

    private void Run(StepRun step)
    {
        var program = step.Program.Workers[index];
        var slot = 0;
        try
        {
            Recorder.Reset(program.Count);
            foreach (var runner in runners.Values)
            {
                runner.Prepare(step.Batch.Count);
                if (step.VersionsRead is { } read) runner.Weights?.Begin(read[runner.Stage.Index]);
            }

            using var gradMode = set_grad_enabled(step.Train);
            step.Update?.Begin(index);
            using (var scope = new ActionScope())
            {
                while (slot < program.Count && step.Failure is null && RunAction(step, program[slot], slot, scope)) slot++;
            }

            if (slot < program.Count && step.Failure is null) throw new InvalidOperationException("The links had been given up before the step began.");
            if (step.Failure is null) step.Update?.Measure(index);
        }
#pragma warning disable CA1031 // What is thrown outside an action (such as by a hand-written stage that makes its boundaries) fails the step as well.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            step.Fail(program.Count == 0 ? exception : Failed(step, program[Math.Min(slot, program.Count - 1)], exception));
        }

        if (step.Failure is not null) ReleaseHeld();
        foreach (var runner in runners.Values) runner.Weights?.Reset();
    }

    private PipelineException Failed(StepRun step, PipelineAction action, Exception exception) => exception as PipelineException
        ?? PipelineException.From(exception, action, runners[action.Stage].Stage.Name, index, step.Step);

    /// <summary>False where the step was given up.</summary>
    private bool RunAction(StepRun step, PipelineAction action, int slot, ActionScope scope)
    {
        var runner = runners[action.Stage];
        var recording = new ActionRecording(notes, step, action, slot, runner.Stage.Name, runner.Device);
        recording.TakeInput();
        try
        {
            var handedOn = action.Kind switch
            {
                ActionKind.Forward => RunForward(step, action, runner, scope, ref recording),
                ActionKind.Backward or ActionKind.InputGradient => RunBackward(step, action, runner, scope, ref recording),
                ActionKind.WeightGradient => RunWeightGradient(action, runner, scope, ref recording),
                _ => RunUpdate(action, runner, scope, ref recording),
            };
            recording.End();
            return handedOn;
        }
#pragma warning disable CA1031 // Whatever a stage throws becomes the step's failure, on the caller's thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var failure = Failed(step, action, exception);
            // First of all, so that the others stop.
            step.Fail(failure);
            recording.End(failure);
            return false;
        }
    }

    private static bool RunForward(StepRun step, PipelineAction action, StageRunner<TModel> runner, ActionScope scope, ref ActionRecording recording)
    {
        var microBatch = action.MicroBatch;
        Boundary input;
        ActivityContext producer = default;
        if (action.Stage == 0)
        {
            input = step.Batch.Inputs[microBatch]!;
            step.Batch.Inputs[microBatch] = null;
        }
        else
        {
            if (!step.Links.Forward(action.Stage).TryTake(out var message)) return false;
            RequireMicroBatch(action, message.MicroBatch);
            (input, producer) = (message.Values, message.Producer);
        }

        recording.Start(producer);
        var split = step.Split.Contains(action);
        if (action.Stage < step.Links.LastStage)
        {
            var output = runner.Forward(scope, microBatch, input, step.Train, out var bytes, split);
            if (step.Links.ChangesWorkerBefore(action.Stage + 1)) recording.HandOn(bytes);
            if (step.Links.Forward(action.Stage + 1).TryPut(new ForwardMessage(microBatch, output, recording.Context))) return true;
            BoundaryTensors.Dispose(output);
            return false;
        }

        if (step.Loss is null)
        {
            step.Batch.Results[microBatch] = runner.Forward(scope, microBatch, input, keepGraph: false, out _);
            return true;
        }

        var result = runner.Forward(scope, microBatch, input, step.Train, step.Loss, out var loss, split);
        if (!step.Train) step.Batch.Results[microBatch] = result;
        step.Batch.Losses[microBatch] = loss;
        if (step.StopOnNonFiniteLoss && !double.IsFinite(loss)) throw new NonFiniteLossException(step.Step, microBatch, loss);
        return true;
    }

    private static bool RunBackward(StepRun step, PipelineAction action, StageRunner<TModel> runner, ActionScope scope, ref ActionRecording recording)
    {
        var microBatch = action.MicroBatch;
        List<Tensor?> gradients;
        if (action.Stage == step.Links.LastStage)
        {
            recording.Start(default);
            gradients = runner.Backward(scope, microBatch, step.Batch.Weights.OfGradients[microBatch]);
        }
        else
        {
            if (!step.Links.Backward(action.Stage).TryTake(out var message)) return false;
            RequireMicroBatch(action, message.MicroBatch);
            recording.Start(message.Producer);
            gradients = runner.Backward(scope, microBatch, message.Gradients);
        }

        recording.RecomputeTicks = runner.RecomputeTicks;
        if (action.Kind == ActionKind.Backward) runner.Weights?.Release(microBatch);
        if (action.Stage == 0)
        {
            step.Batch.InputGradients[microBatch] = gradients;
            return true;
        }

        if (step.Links.ChangesWorkerBefore(action.Stage)) recording.HandOn(ByteCount.Of(gradients));
        if (step.Links.Backward(action.Stage - 1).TryPut(new BackwardMessage(microBatch, gradients, recording.Context))) return true;
        MicroBatchState.ReleaseAll(gradients);
        return false;
    }

    private static bool RunWeightGradient(PipelineAction action, StageRunner<TModel> runner, ActionScope scope, ref ActionRecording recording)
    {
        recording.Start(default);
        runner.WeightGradient(scope, action.MicroBatch);
        runner.Weights?.Release(action.MicroBatch);
        return true;
    }

    private static bool RunUpdate(PipelineAction action, StageRunner<TModel> runner, ActionScope scope, ref ActionRecording recording)
    {
        recording.Start(default);
        runner.Update(scope, action.WeightVersion);
        return true;
    }

    /// <summary>The optimizer's step after the flush, on behalf of all stages of the worker.</summary>
    private void RunUpdate(StepRun step)
    {
        var action = new PipelineAction(runners.Keys.Min(), ActionKind.Update, step.Batch.Count - 1) { WeightVersion = 1 };
        var first = runners[action.Stage];
        var recording = new ActionRecording(notes, step, action, step.Program.Workers[index].Count, first.Stage.Name, first.Device);
        try
        {
            recording.Start(default);
            using var scope = NewDisposeScope();
            step.Update!.Apply(index);
            foreach (var runner in runners.Values) runner.Device.Wait();
            recording.End();
        }
#pragma warning disable CA1031 // Whatever an optimizer throws becomes the step's failure, on the caller's thread.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var failure = PipelineException.From(exception, action, runners[action.Stage].Stage.Name, index, step.Step);
            step.Fail(failure);
            recording.End(failure);
        }
    }

    private static void RequireMicroBatch(PipelineAction action, int received)
    {
        if (received != action.MicroBatch)
        {
            throw new InvalidOperationException(
                $"Action {action} received micro-batch {received}: the schedule's programs disagree on the order of this link.");
        }
    }
}
