using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Which worker owns which stage, with the refusals that go with each placement.</summary>
internal static class StagePlacement
{
    /// <summary>So many forwards are more than a machine can hold; a larger product is a mistake, not a step.</summary>
    private const long MostForwards = 1 << 26;

    /// <summary>Stage s on worker s mod p.</summary>
    public static int[] Looped(ScheduleShape shape)
    {
        var workerOfStage = new int[shape.Stages];
        for (int stage = 0; stage < workerOfStage.Length; stage++)
        {
            workerOfStage[stage] = stage % shape.Workers;
        }

        return workerOfStage;
    }

    /// <summary>Stages r and 2p-1-r on worker r.</summary>
    public static int[] FoldedV(ScheduleShape shape)
    {
        var workerOfStage = new int[shape.Stages];
        for (int stage = 0; stage < workerOfStage.Length; stage++)
        {
            workerOfStage[stage] = Math.Min(stage, workerOfStage.Length - 1 - stage);
        }

        return workerOfStage;
    }

    /// <summary>Refuses what no schedule can be built for.</summary>
    public static string? WhyNotAny(string schedule, ScheduleShape shape) =>
        shape.Stages < shape.Workers
            ? Invariant(
                $"{schedule} gives every worker at least one stage, but there are {shape.Workers} workers for {shape.Stages}.")
            : (long)shape.Stages * shape.MicroBatches > MostForwards
                ? Invariant($"{schedule} for {shape} has more than {MostForwards} forwards.")
                : null;

    /// <summary>Refuses all but one stage per worker.</summary>
    public static string? WhyNotOnePerWorker(string schedule, ScheduleShape shape) =>
        WhyNotAny(schedule, shape) ?? (shape.Stages == shape.Workers ? null : Invariant(
            $"{schedule} gives every worker one stage, but there are {shape.Stages} stages for {shape.Workers} workers; a schedule with several stages per worker is Interleaved1F1B."));

    /// <summary>Refuses unequal numbers of stages per worker.</summary>
    public static string? WhyNotLooped(string schedule, ScheduleShape shape) =>
        WhyNotAny(schedule, shape) ?? (shape.Stages % shape.Workers == 0 ? null : Invariant(
            $"{schedule} gives every worker the same number of stages, but {shape.Stages} stages do not divide among {shape.Workers} workers."));

    /// <summary>Refuses all but two stages per worker.</summary>
    public static string? WhyNotFoldedV(string schedule, ScheduleShape shape) =>
        WhyNotAny(schedule, shape) ?? (shape.Stages == 2 * shape.Workers ? null : Invariant(
            $"{schedule} gives every worker two stages in the form of a V, so {shape.Workers} workers need {2L * shape.Workers} stages, not {shape.Stages}."));
}
