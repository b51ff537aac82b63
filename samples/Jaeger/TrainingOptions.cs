using PipelineSdk.Schedules;

namespace Jaeger;

/// <summary>How to train: the section "Training" of appsettings.json, the environment (<c>Training__Steps=10</c>) or the command line (<c>--Training:Steps=10</c>).</summary>
internal sealed class TrainingOptions
{
    public int Steps { get; set; } = 60;

    public int BatchSize { get; set; } = 1024;

    public int MicroBatches { get; set; } = 8;

    public double LearningRate { get; set; } = 0.05;

    /// <summary>A schedule's name: <c>1F1B</c>, <c>GPipe</c>, <c>ZB-H1</c> ...</summary>
    public string Schedule { get; set; } = ScheduleNames.OneForwardOneBackward;

    public long Seed { get; set; } = 1;
}
