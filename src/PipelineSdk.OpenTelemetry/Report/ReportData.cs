using System.Text.Json;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>The figures of a report, as the page's script reads them. Times are in milliseconds.</summary>
internal static class ReportData
{
    public static string TitleOf(TrainingLog run, ReportOptions options) => options.Title ?? run.Timelines[0].Pipeline;

    /// <summary>JSON that can stand inside a script element: the serializer escapes what could end it.</summary>
    public static string Json(TrainingLog run, IEnumerable<StepExplanation> explanations, ReportOptions options) => JsonSerializer.Serialize(
        new
        {
            title = PlainText.Of(TitleOf(run, options)),
            note = PlainText.Of(options.Note ?? ""),
            dropped = run.DroppedTimelines,
            steps = Steps(run.Steps),
            timelines = explanations.Select(Timeline),
        });

    private static object Steps(IReadOnlyList<StepNote> steps)
    {
        var workers = steps.Max(step => step.Utilization.Count);
        return new
        {
            number = steps.Select(step => step.Step),
            duration = steps.Select(step => step.Duration.TotalMilliseconds),
            loss = steps.Select(step => double.IsFinite(step.Loss) ? step.Loss : (double?)null),
            throughput = steps.Select(step => step.Samples > 0 && step.Duration > TimeSpan.Zero ? step.Samples / step.Duration.TotalSeconds : (double?)null),
            memory = steps.Select(step => step.MemoryBytes > 0 ? step.MemoryBytes : (long?)null),
            utilization = Enumerable.Range(0, workers).Select(worker => steps.Select(step => worker < step.Utilization.Count ? step.Utilization[worker] : (double?)null)),
            ideal = steps.Select(step => step.Ideal.TotalMilliseconds),
            lost = steps[0].Lost.Parts.Select((part, index) => new { name = part.Key, values = steps.Select(step => step.Lost.Parts[index].Value.TotalMilliseconds) }),
        };
    }

    private static object Timeline(StepExplanation explanation)
    {
        var step = explanation.Step;
        return new
        {
            step = step.Step,
            mode = step.Mode,
            pipeline = PlainText.Of(step.Pipeline),
            schedule = PlainText.Of(step.Schedule),
            startedAt = step.StartedAt,
            workers = step.Workers,
            microBatches = step.MicroBatches,
            duration = step.Duration.TotalMilliseconds,
            ideal = explanation.Ideal.TotalMilliseconds,
            bound = explanation.Bound.TotalMilliseconds,
            lost = explanation.Lost.Parts.Select(part => new { name = part.Key, time = part.Value.TotalMilliseconds }),
            stages = explanation.Stages.Select(stage => new
            {
                name = PlainText.Of(stage.Name),
                worker = stage.Worker,
                // By kind, as ActionKind counts them.
                typical = new[] { stage.Forward, stage.Backward, stage.InputGradient, stage.WeightGradient }.Select(time => time.TotalMilliseconds),
                perMicroBatch = stage.PerMicroBatch.TotalMilliseconds,
            }),
            slowest = explanation.SlowestStage?.Stage,
            idle = explanation.Workers.Select(worker => new
            {
                work = worker.Work.TotalMilliseconds,
                reasons = worker.Idle.Shares.Select(share => share.Value.TotalMilliseconds),
            }),
            reasons = default(MeasuredIdleTime).Shares.Select(share => share.Key.ToString()),
            prospects = explanation.Prospects.Select(prospect => new { change = prospect.Change, speedUp = prospect.SpeedUp }),
        };
    }
}
