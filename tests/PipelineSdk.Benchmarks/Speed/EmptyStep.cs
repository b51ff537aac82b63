using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>A step of an <see cref="EmptyPipeline"/>.</summary>
/// <param name="Seconds">How long the call took.</param>
/// <param name="Bytes">Managed memory allocated by all threads.</param>
/// <param name="Timeline">What was recorded.</param>
internal sealed record EmptyStep(double Seconds, double Bytes, StepTimeline Timeline)
{
    /// <summary>Seconds of the call before the first action began and after the last one ended.</summary>
    public double AroundActions
        => Seconds - (Timeline.Actions.Max(action => action.End) - Timeline.Actions.Min(action => action.Start)).TotalSeconds;

    /// <summary>Seconds of each hand-over to a worker that waited for it: from the end of the sender's work to the start of the receiver's.</summary>
    public IEnumerable<double> HandOvers()
    {
        var sent = Timeline.Actions.ToDictionary(record => record.Action);
        foreach (var record in Timeline.Actions)
        {
            var (stage, forward) = (record.Action.Stage, record.Action.Kind == ActionKind.Forward);
            if (sent.TryGetValue(new PipelineAction(forward ? stage - 1 : stage + 1, record.Action.Kind, record.Action.MicroBatch), out var sender)
                && sender.Worker != record.Worker && record.WaitStart <= sender.WorkEnd)
            {
                yield return (record.Start - sender.WorkEnd).TotalSeconds;
            }
        }
    }
}
