using System.Globalization;
using Spectre.Console;

namespace ResNet.Reports;

/// <summary>The tables at the end of a run.</summary>
internal static class ResultTables
{
    public static void Write(IAnsiConsole console, Comparison result)
    {
        var (sequential, pipeline) = (result.Sequential, result.Pipeline);
        var runs = new Table().Border(TableBorder.Rounded).AddColumn("")
            .AddColumn(new TableColumn("sequential").RightAligned()).AddColumn(new TableColumn("pipeline").RightAligned());
        Row("loss, first step", sequential.Steps[0].Loss, pipeline.Steps[0].Loss, "F6");
        Row("loss, last step", sequential.Steps[^1].Loss, pipeline.Steps[^1].Loss, "F6");
        Row("test loss", sequential.TestLoss, pipeline.TestLoss, "F4");
        Row("accuracy", sequential.Scores.Accuracy, pipeline.Scores.Accuracy, "P2");
        Row("macro precision", sequential.Scores.Precision, pipeline.Scores.Precision, "P2");
        Row("macro recall", sequential.Scores.Recall, pipeline.Scores.Recall, "P2");
        Row("macro F1", sequential.Scores.F1, pipeline.Scores.F1, "P2");
        Row("epoch time, s", sequential.EpochSeconds, pipeline.EpochSeconds, "F2");
        Row("total time, s", sequential.TotalSeconds, pipeline.TotalSeconds, "F2");
        Row("images/s", sequential.ImagesPerSecond, pipeline.ImagesPerSecond, "F1");
        console.Write(runs);
        console.Profile.Out.Writer.WriteLine(
            $"largest difference between the two losses at any of {sequential.Steps.Count} steps: {Text(result.LargestLossDifference, "G3")}");

        var speed = new Table().Border(TableBorder.Rounded).AddColumn("speed-up of the pipeline over")
            .AddColumn(new TableColumn("").RightAligned());
        speed.AddRow("one thread, same micro-batches", Text(result.SpeedUpOverOneThread, "F2"));
        speed.AddRow($"all {Environment.ProcessorCount} cores, uncut, whole batch", Text(result.SpeedUpOverAllCores, "F2"));
        speed.AddRow("bound: what schedule and cores leave room for", Text(result.Bound.SpeedUp, "F2"));
        speed.AddRow("share of the bound reached", Text(result.ShareOfBound, "P0"));
        speed.AddRow("flush bubble, on paper and measured", $"{Text(result.Bound.FlushBubble, "P0")}, {Text(result.Bound.MeasuredFlushBubble, "P0")}");
        // Where stages take turns on a core, the time of an action includes its turns.
        if (result.Bound.StageSeconds.Count <= Environment.ProcessorCount)
            speed.AddRow("work of all stages, times that of one thread", Text(result.WorkOverOneThread, "F2"));
        speed.AddRow("stages, ms per micro-batch", string.Join(" | ", result.Bound.StageSeconds.Select(seconds => Text(1000 * seconds, "F0"))));
        console.Write(speed);

        void Row(string name, double first, double second, string format) => runs.AddRow(name, Text(first, format), Text(second, format));
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
