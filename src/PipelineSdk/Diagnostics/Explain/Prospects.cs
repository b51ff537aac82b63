using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Diagnostics;

/// <summary>What changes would bring, from the simulator with a step's typical costs.</summary>
internal static class Prospects
{
    /// <summary>The most actions to simulate: an explanation is not to take longer than the step.</summary>
    private const long MostActions = 1_000_000;

    public static IReadOnlyList<Prospect> Of(StepTimeline step, TypicalCosts costs, StepReplays runs)
    {
        var prospects = new List<Prospect>();
        if (step.Duration <= TimeSpan.Zero || step.Actions.Count == 0) return prospects;
        foreach (var factor in (int[])[2, 4])
        {
            if (MoreMicroBatches(step, costs, runs, factor) is { } prospect) prospects.Add(prospect);
        }

        if (step.StageNames.Count > 1) prospects.Add(new Prospect("equal stages", step.Duration / (step.Duration - runs.Lost.Imbalance)));
        return prospects;
    }

    private static Prospect? MoreMicroBatches(StepTimeline step, TypicalCosts costs, StepReplays runs, int factor)
    {
        var rule = step.Rule ?? ScheduleCatalog.TryGet(step.Schedule);
        if (rule is null || step.Actions.Count * (long)factor > MostActions) return null;
        var shape = new ScheduleShape(step.Workers, step.StageNames.Count, step.MicroBatches * factor);
        if (rule.WhyNot(shape) is not null) return null;
        // As it would be run.
        var program = WholeBackwards.Of(rule.Build(shape));
        var known = program.Workers.SelectMany(actions => actions).All(costs.Knows);
        if (program.IsAsynchronous || !known || costs.Stages.Any(stage => program.WorkerOf(stage.Stage) != stage.Worker)) return null;

        var bound = ScheduleSimulator.Run(program, SimulatorCosts(costs)).Makespan;
        var rest = (step.Duration - runs.Bound).Ticks * (double)factor;
        return new Prospect(Invariant($"{shape.MicroBatches} micro-batches"), factor * step.Duration.Ticks / (bound + rest));
    }

    private static ScheduleCosts SimulatorCosts(TypicalCosts costs) => new([.. costs.Stages.Select(stage =>
        new StageCosts(stage.Forward.Ticks, stage.InputGradient.Ticks, stage.WeightGradient.Ticks) { Backward = stage.Backward.Ticks })]);
}
