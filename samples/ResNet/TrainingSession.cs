using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry;
using PipelineSdk.Terminal;
using ResNet.CommandLine;
using ResNet.Data;
using ResNet.Model;
using ResNet.Reports;
using ResNet.Training;
using Spectre.Console;
using TorchSharp;

namespace ResNet;

/// <summary>Trains the same weights uncut and through the pipeline, compares, and writes what came of it.</summary>
internal sealed class TrainingSession(DataSet data, SampleOptions options, IAnsiConsole console, ProgressDisplay progress)
{
    private const int AllCoresSteps = 3;

    private readonly TrainingLoop loop = new(data, options);

    public void Run(CancellationToken cancellationToken)
    {
        torch.random.manual_seed(options.Seed);
        using var initial = new ResNet20();

        var sequential = RunSequential(initial, cancellationToken);
        var (pipeline, timelines, log) = RunPipeline(initial, cancellationToken);
        double allCores = MeasureAllCores(initial, cancellationToken);

        var result = new Comparison(sequential, pipeline, allCores, Bound.Of(options.PipelineSchedule, timelines, options.MicroBatch));
        // The last step that is whole: the last of an epoch may have fewer micro-batches.
        var shown = timelines.Last(step => step.MicroBatches == timelines.Max(other => other.MicroBatches));
        ResultTables.Write(console, result);
        console.Profile.Out.Writer.WriteLine($"where the time of the last whole step went:\n{shown.Explain()}");
        StepGantt.Write(shown, console);
        Write(result, timelines, shown, log);
    }

    private RunResult RunSequential(ResNet20 initial, CancellationToken cancellationToken)
    {
        using var model = CopyOf(initial);
        using var trainer = new UncutTrainer(model, options.MicroBatch, threads: 1);
        return progress.Run("sequential", loop.Steps, report => loop.Run("sequential", trainer, report, null, cancellationToken));
    }

    private (RunResult, IReadOnlyList<StepTimeline>, TrainingLog) RunPipeline(ResNet20 initial, CancellationToken cancellationToken)
    {
        using var model = CopyOf(initial);
        using var trainer = new PipelineTrainer(model, options);
        console.Profile.Out.Writer.WriteLine(
            $"pipeline: {options.PipelineSchedule.Name}, {trainer.StageNames.Count} stages: {string.Join(" | ", trainer.StageNames)}");
        var view = new TrainingView(console) { IsLive = progress.IsLive };
        var result = view.Run("pipeline", loop.Steps, run => loop.Run(
            "pipeline", trainer, _ => run.Step(trainer.LastStep!), () => Checkpoint.Save(options.CheckpointPath, model), cancellationToken));
        return (result, trainer.TrainingTimelines, trainer.Log);
    }

    private double MeasureAllCores(ResNet20 initial, CancellationToken cancellationToken)
    {
        int steps = Math.Min(AllCoresSteps, loop.Steps);
        using var model = CopyOf(initial);
        using var trainer = new UncutTrainer(model, options.BatchSize, threads: Environment.ProcessorCount);
        return progress.Run("all cores", steps, report => loop.MeasureThroughput(trainer, steps, report, cancellationToken));
    }

    private void Write(Comparison result, IReadOnlyList<StepTimeline> timelines, StepTimeline shown, TrainingLog log)
    {
        MetricsFile.Write(InOutput("metrics.json"), TrainingMetrics.Of(data, options, result));
        GanttSvg.Write(InOutput("gantt.svg"), shown);
        PerfettoTrace.Write(InOutput("gantt.perfetto.json"), timelines);
        var caption = $"{data.Source}; {data.Train.Count} training images, batch {options.BatchSize}, micro-batch {options.MicroBatch}, " +
            $"{options.PipelineSchedule.Name}, {timelines[0].StageNames.Count} stages.";
        PlotsPage.Write(InOutput("plots.html"), result, caption);
        PipelineReport.Write(InOutput("report.html"), log, new ReportOptions { Title = "ResNet-20 through the pipeline", Note = caption });
        console.Profile.Out.Writer.WriteLine(
            $"written to {Path.GetFullPath(options.Output)}: report.html, metrics.json, checkpoint.dat, plots.html, gantt.svg, gantt.perfetto.json (for ui.perfetto.dev)");
    }

    private string InOutput(string name) => Path.Combine(options.Output, name);

    private static ResNet20 CopyOf(ResNet20 initial)
    {
        var copy = new ResNet20();
        copy.load_state_dict(initial.state_dict());
        return copy;
    }
}
