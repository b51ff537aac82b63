using System.Globalization;
using System.Text;

namespace PipelineSdk.Diagnostics;

/// <summary>An explanation as lines for people.</summary>
internal static class ExplanationText
{
    private const int NameWidth = 19;

    public static string Of(StepExplanation explanation)
    {
        var step = explanation.Step;
        var text = new StringBuilder();
        Line(Invariant($"{step.Pipeline}, step {step.Step} ({step.Mode}): {step.Schedule}, {Count(step.Workers, "worker")}, ")
            + $"{Count(step.StageNames.Count, "stage")}, {Count(step.MicroBatches, "micro-batch", "micro-batches")}");
        Part(' ', "ideal", explanation.Ideal, "all work, divided by the workers");
        foreach (var (name, time) in explanation.Lost.Parts) Part(time < TimeSpan.Zero ? '-' : '+', name, time.Duration(), Meaning(name));
        Part('=', "step", explanation.Actual, "");
        Line($"bound of the schedule with these stages: {Milliseconds(explanation.Bound)} ms");
        if (explanation.SlowestStage is { } slowest)
        {
            var mean = explanation.Stages.Average(stage => (double)stage.PerMicroBatch.Ticks);
            Line(Invariant($"slowest stage: {slowest.Stage} ({slowest.Name}), {Milliseconds(slowest.PerMicroBatch)} ms per micro-batch, ")
                + Invariant($"{slowest.PerMicroBatch.Ticks / mean:0.00}x the mean of the stages"));
        }

        foreach (var worker in explanation.Workers) Line(WorkerLine(worker, explanation.Actual));
        if (explanation.Prospects.Count > 0)
            Line($"would bring: {string.Join("; ", explanation.Prospects.Select(prospect => Invariant($"{prospect.Change} {prospect.SpeedUp:0.00}x")))}");
        return text.ToString().TrimEnd('\n');

        // All to the same digit: they are to be compared.
        string Milliseconds(TimeSpan time) =>
            time.TotalMilliseconds.ToString(explanation.Actual.TotalMilliseconds < 100 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

        void Line(string line) => text.Append(line).Append('\n');

        void Part(char sign, string name, TimeSpan time, string meaning)
        {
            var share = explanation.Actual > TimeSpan.Zero ? time / explanation.Actual : 0;
            text.Append(Invariant($"  {sign} {name.PadRight(NameWidth)}{Milliseconds(time),10} ms {share,8:P1}   {meaning}").TrimEnd()).Append('\n');
        }
    }

    private static string WorkerLine(WorkerIdle worker, TimeSpan step)
    {
        var reasons = worker.Idle.Shares.Where(share => Share(share.Value) >= 0.001).OrderByDescending(share => share.Value)
            .Select(share => Invariant($"{Name(share.Key)} {Share(share.Value):P1}"));
        return Invariant($"worker {worker.Worker}: {Share(worker.Work):P1} work; {string.Join(", ", reasons)}");

        double Share(TimeSpan time) => step > TimeSpan.Zero ? time / step : 0;
    }

    private static string Name(Schedules.IdleReason reason) =>
        reason == Schedules.IdleReason.LinkFull ? "handing over" : reason.ToString().ToLowerInvariant();

    private static string Meaning(string part) => part switch
    {
        "schedule bubble" => "the schedule's order, with equal stages",
        "imbalance" => "stages take different times",
        "variation" => "actions slower or faster than is typical of their stage",
        "garbage collection" => "pauses within actions",
        "hand-over" => "from a sender's end to the receiver's start",
        _ => "before, between and after actions",
    };

    private static string Count(int count, string one, string? many = null) => Invariant($"{count} {(count == 1 ? one : many ?? one + "s")}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
