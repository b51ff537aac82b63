using System.Runtime.InteropServices;
using ResNet.CommandLine;
using ResNet.Data;
using ResNet.Training;

namespace ResNet.Reports;

/// <summary>What metrics.json holds after training.</summary>
internal sealed record TrainingMetrics(
    string Data, int TrainImages, int TestImages, string Schedule, int Stages, int BatchSize, int MicroBatch, double LearningRate, int Seed,
    int Cores, string Runtime, string System, RunResult Sequential, RunResult Pipeline, double LargestLossDifference,
    double AllCoresImagesPerSecond, double SpeedUpOverOneThread, double SpeedUpOverAllCores, double ShareOfBound, Bound Bound)
{
    public static TrainingMetrics Of(DataSet data, SampleOptions options, Comparison result) => new(
        data.Source, data.Train.Count, data.Test.Count, options.PipelineSchedule.Name, options.Stages, options.BatchSize, options.MicroBatch,
        options.LearningRate, options.Seed, Environment.ProcessorCount, RuntimeInformation.FrameworkDescription,
        RuntimeInformation.OSDescription, result.Sequential, result.Pipeline, result.LargestLossDifference,
        result.AllCoresImagesPerSecond, result.SpeedUpOverOneThread, result.SpeedUpOverAllCores, result.ShareOfBound, result.Bound);
}
