using PipelineSdk.Schedules;

namespace PipelineSdk.Execution;

/// <summary>The programs of one pipeline's steps: built and proven once for each number of micro-batches, then kept.</summary>
internal sealed class StepPrograms
{
    private readonly PipelineOptions options;
    private readonly string pipeline;
    private readonly int stages;
    private readonly Dictionary<(bool Train, int MicroBatches), StepProgram> known = [];

    /// <exception cref="ArgumentException">The schedule is not defined for the numbers of stages, workers and micro-batches.</exception>
    public StepPrograms(PipelineOptions options, string pipeline, int stages)
    {
        this.options = options;
        this.pipeline = pipeline;
        this.stages = stages;
        Workers = options.Workers ?? stages;
        var microBatches = options.MicroBatchSize is null ? options.MicroBatches : stages;
        First = BuildTraining(microBatches);
        WorkerOfStage = [.. Enumerable.Range(0, stages).Select(First.WorkerOf)];
        Keep(First, train: true);
    }

    public int Workers { get; }

    /// <summary>The worker of each stage.</summary>
    public IReadOnlyList<int> WorkerOfStage { get; }

    /// <summary>The program that the pipeline was built with: it shows what the options mean before the first step.</summary>
    public ScheduleProgram First { get; }

    /// <exception cref="ArgumentException">The schedule is not defined for this number, or places stages otherwise for it.</exception>
    public StepProgram Of(bool train, int microBatches)
        => known.TryGetValue((train, microBatches), out var program)
            ? program
            : Keep(train ? BuildTraining(microBatches) : ForwardProgram.Build(WorkerOfStage, Workers, microBatches), train);

    private StepProgram Keep(ScheduleProgram program, bool train)
    {
        var microBatches = program.Shape.MicroBatches;
        if (Enumerable.Range(0, stages).Any(stage => program.WorkerOf(stage) != WorkerOfStage[stage]))
        {
            throw new ArgumentException(
                $"{program.ScheduleName} places stages on other workers for {microBatches} micro-batch(es) than it did when the pipeline was built. "
                + "Build a pipeline for each, with PipelineOptions.MicroBatches.");
        }

        ScheduleCheck.Verify(program, options.LinkCapacity ?? microBatches);
        return known[(train, microBatches)] = new StepProgram(program, new SplitBackwards(program), UpdatesWithinRun.Of(program));
    }

    private ScheduleProgram BuildTraining(int microBatches)
    {
        var shape = new ScheduleShape(Workers, stages, microBatches);
        if (options.Schedule.WhyNot(shape) is not { } reason) return WholeBackwards.Of(RunnableProgram.Require(options.Schedule.Build(shape), options));
        var nearest = options.Schedule.NearestShapes(shape);
        var otherWorkers = Enumerable.Range(1, shape.Stages).Where(count => options.Schedule.WhyNot(shape with { Workers = count }) is null).ToList();
        throw new ArgumentException(
            $"{reason} Pipeline '{pipeline}' has {shape} (PipelineOptions.Workers, Stages and MicroBatches)."
            + (otherWorkers.Count == 0 ? "" : $" With PipelineOptions.Workers = {string.Join(" or ", otherWorkers)} it works.")
            + (nearest.Count == 0 ? "" : $" What works besides: {string.Join("; ", nearest)}."));
    }
}
