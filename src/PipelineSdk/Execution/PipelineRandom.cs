using System.Numerics;
using Microsoft.Extensions.Logging;
using PipelineSdk.Model;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// Gives every segment, for every micro-batch of every step, random numbers of its own: the same whatever the stages, workers and schedule, and again
/// when a forward is run a second time. The loss function counts as one more segment.
/// </summary>
/// <remarks>
/// Dropout layers have generators of their own (<see cref="DropoutLayers"/>). All else that draws, draws from the process's one, so a segment that does has it for itself while it runs. Other segments must not wait for it:
/// which they are is seen at their first run, and again whenever a module's mode has changed. Whoever has the generator leaves it as it was; so one that
/// is found changed after a step was drawn from by somebody unknown.
/// </remarks>
internal sealed class PipelineRandom : IDisposable
{
    private const int OfDropoutLayers = 1;

    private readonly string pipeline;
    private readonly ILogger logger;
    private readonly SegmentDraws[] segments;
    private readonly DropoutLayers dropout;
    private readonly long[] steps = new long[3];
    private long stepKey;
    private uint surprises;

    private PipelineRandom(string pipeline, long seed, ILogger logger, SegmentDraws[] segments, DropoutLayers dropout)
    {
        this.pipeline = pipeline;
        Seed = seed;
        this.logger = logger;
        this.segments = segments;
        this.dropout = dropout;
    }

    /// <param name="pipeline">The pipeline's name.</param>
    /// <param name="seed">The seed; null takes that of the process's generator.</param>
    /// <param name="model">The model.</param>
    /// <param name="stages">The segments of all stages, in order.</param>
    /// <param name="logger">Is told of draws that can't be repeated.</param>
    public static PipelineRandom Of<TModel>(
        string pipeline, long? seed, TModel model, IReadOnlyList<IReadOnlyList<PipelineSegment<TModel>>> stages, ILogger logger)
        where TModel : nn.Module
    {
        SegmentDraws[] segments =
        [
            .. stages.SelectMany(stage => stage).Select(segment => new SegmentDraws(segment.Name, StageMembers.Of(model, segment).AllModules.Prepend(model))),
            new SegmentDraws("the loss", [model]),
        ];
        return new PipelineRandom(
            pipeline, seed ?? initial_seed(), logger, segments, new DropoutLayers(stages.Select(stage => StageMembers.Of(model, stage).AllModules)));
    }

    /// <summary>What all numbers come from.</summary>
    public long Seed { get; private set; }

    /// <summary>How many steps of each kind there have been.</summary>
    public IReadOnlyList<long> Steps => steps;

    /// <summary>Takes the place of another pipeline that has come this far. Between steps.</summary>
    public void GoOnFrom(long seed, IReadOnlyList<long> stepsOfKinds)
    {
        Seed = seed;
        for (var kind = 0; kind < steps.Length; kind++) steps[kind] = kind < stepsOfKinds.Count ? stepsOfKinds[kind] : 0;
    }

    /// <summary>Begins a step, on the calling thread.</summary>
    /// <param name="mode">What spans call the kind of step: each kind counts its own steps, so that an evaluation leaves the next step's numbers alone.</param>
    /// <returns>Ends the step when it has not failed.</returns>
    public StepDraws Begin(string mode)
    {
        var kind = mode switch { "train" => 0, "evaluate" => 1, _ => 2 };
        stepKey = RandomKey.Of(Seed, kind, steps[kind]++);
        foreach (var segment in segments) segment.Refresh();
        return new StepDraws(this, mode, steps[kind] - 1, ProcessGenerator.Snapshot());
    }

    /// <summary>Before a segment runs, on the thread that runs it.</summary>
    /// <param name="segment">The segment, counted from 0 over the model.</param>
    /// <param name="microBatch">The micro-batch.</param>
    public Turn Take(int segment, int microBatch)
    {
        var draws = segments[segment];
        dropout.Enter(RandomKey.Of(stepKey, segment, microBatch, OfDropoutLayers));
        if (!draws.MayDraw) return default;
        ProcessGenerator.Take(RandomKey.Of(stepKey, segment, microBatch), draws.IsUnknown);
        return new Turn(draws);
    }

    /// <summary>A loss function that draws the numbers of its micro-batch.</summary>
    public Func<Boundary, int, Tensor> Around(Func<Boundary, int, Tensor> loss) => (output, microBatch) =>
    {
        using var turn = Take(segments.Length - 1, microBatch);
        var computed = loss(output, microBatch);
        turn.Completed();
        return computed;
    };

    /// <summary>Leaves the model's layers alone again.</summary>
    public void Dispose() => dropout.Dispose();

    private void Surprise(string mode, long step)
    {
        surprises++;
        if (surprises == 1)
        {
            var known = string.Join(", ", segments.Where(segment => segment is { MayDraw: true, IsUnknown: false }).Select(segment => segment.Name));
            PipelineLog.DrewUnseen(logger, pipeline, mode, step, known.Length == 0 ? "none" : known);
        }

        // Rarer and rarer: another thread that draws in every step must not slow the pipeline down for good.
        if (!BitOperations.IsPow2(surprises)) return;
        foreach (var segment in segments) segment.Forget();
    }

    /// <summary>The time in which a segment runs, and has the process's generator where it draws from it.</summary>
    internal readonly struct Turn(SegmentDraws? segment) : IDisposable
    {
        /// <summary>The segment has run to its end.</summary>
        public void Completed()
        {
            if (segment is { IsUnknown: true }) segment.Observe(ProcessGenerator.WasDrawnFrom);
        }

        public void Dispose()
        {
            DropoutLayers.Leave();
            if (segment is not null) ProcessGenerator.Return();
        }
    }

    /// <summary>A step, to be ended on the calling thread.</summary>
    internal readonly struct StepDraws(PipelineRandom random, string mode, long step, Tensor before) : IDisposable
    {
        /// <summary>The step has not failed.</summary>
        public void Completed()
        {
            using var after = ProcessGenerator.Snapshot();
            if (!ProcessGenerator.Same(before, after)) random.Surprise(mode, step);
        }

        public void Dispose() => before.Dispose();
    }
}
