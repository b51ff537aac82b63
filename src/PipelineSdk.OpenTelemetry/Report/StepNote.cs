using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>What a <see cref="TrainingLog"/> keeps of every step.</summary>
/// <param name="Step">The step's number.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Loss">The loss of the mini-batch; not a number where none is known.</param>
/// <param name="Samples">Samples in the mini-batch; 0 where that is not known.</param>
/// <param name="MemoryBytes">The memory of the process that was resident after the step, in bytes; 0 where that is not known.</param>
/// <param name="Ideal">The step's work divided by its workers.</param>
/// <param name="Lost">What made it longer.</param>
/// <param name="Utilization">For each worker, the share of the step's time in which it worked, 0 to 1.</param>
public sealed record StepNote(
    long Step, DateTimeOffset StartedAt, TimeSpan Duration, double Loss, long Samples, long MemoryBytes, TimeSpan Ideal, LostTime Lost,
    IReadOnlyList<double> Utilization)
{
    internal static StepNote Of(StepExplanation explanation, double loss, long samples, long memoryBytes)
    {
        var step = explanation.Step;
        return new StepNote(
            step.Step, step.StartedAt, step.Duration, loss, samples, memoryBytes, explanation.Ideal, explanation.Lost,
            [.. explanation.Workers.Select(worker => step.Duration > TimeSpan.Zero ? worker.Work / step.Duration : 0)]);
    }
}
