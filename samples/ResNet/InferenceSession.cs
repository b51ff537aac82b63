using System.Globalization;
using PipelineSdk.OpenTelemetry;
using ResNet.CommandLine;
using ResNet.Data;
using ResNet.Model;
using ResNet.Reports;
using ResNet.Training;
using Spectre.Console;

namespace ResNet;

/// <summary>Classifies the test images with a checkpoint: uncut on one thread, uncut on all cores, and through the pipeline.</summary>
internal sealed class InferenceSession(DataSet data, SampleOptions options, IAnsiConsole console, ProgressDisplay progress)
{
    public void Run(CancellationToken cancellationToken)
    {
        if (!File.Exists(options.CheckpointPath))
        {
            throw new InvalidDataException(
                $"{options.CheckpointPath} is not there: train first (--mode train), or name a checkpoint with --checkpoint.");
        }

        using var model = new ResNet20();
        Checkpoint.Load(options.CheckpointPath, model);

        var runs = new List<InferenceRun>();
        using (var trainer = new UncutTrainer(model, options.MicroBatch, threads: 1)) runs.Add(Measure("one thread", trainer));
        using (var trainer = new PipelineTrainer(model, options))
        {
            runs.Add(Measure("pipeline", trainer));
            var whole = trainer.Timelines.Last(step => step.MicroBatches == trainer.Timelines.Max(other => other.MicroBatches));
            GanttSvg.Write(InOutput("inference.gantt.svg"), whole);
            PerfettoTrace.Write(InOutput("inference.gantt.perfetto.json"), trainer.Timelines);
        }

        using (var trainer = new UncutTrainer(model, options.BatchSize, Environment.ProcessorCount)) runs.Add(Measure("all cores", trainer));

        WriteTable(runs);
        MetricsFile.Write(InOutput("inference.json"), new InferenceMetrics(
            data.Source, Path.GetFullPath(options.CheckpointPath), data.Test.Count, options.Stages, options.BatchSize, options.MicroBatch,
            Environment.ProcessorCount, runs));
        console.Profile.Out.Writer.WriteLine(
            $"written to {Path.GetFullPath(options.Output)}: inference.json, inference.gantt.svg, inference.gantt.perfetto.json");

        InferenceRun Measure(string name, ITrainer trainer) => progress.Run(name, Batches, report =>
        {
            var (loss, seconds, scores) = Evaluation.Run(trainer, data.Test, options.BatchSize, cancellationToken, report);
            return new InferenceRun(name, loss, seconds, data.Test.Count / seconds, scores);
        });
    }

    private int Batches => (data.Test.Count + options.BatchSize - 1) / options.BatchSize;

    private string InOutput(string name) => Path.Combine(options.Output, name);

    private void WriteTable(IReadOnlyList<InferenceRun> runs)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("");
        foreach (var run in runs) table.AddColumn(new TableColumn(run.Name).RightAligned());
        Row("images/s", run => run.ImagesPerSecond, "F1");
        Row("time, s", run => run.Seconds, "F2");
        Row("test loss", run => run.Loss, "F4");
        Row("accuracy", run => run.Scores.Accuracy, "P2");
        Row("macro precision", run => run.Scores.Precision, "P2");
        Row("macro recall", run => run.Scores.Recall, "P2");
        Row("macro F1", run => run.Scores.F1, "P2");
        console.Write(table);

        void Row(string name, Func<InferenceRun, double> value, string format) =>
            table.AddRow([name, .. runs.Select(run => Text(value(run), format))]);
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
