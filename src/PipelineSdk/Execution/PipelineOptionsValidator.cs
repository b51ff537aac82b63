using Microsoft.Extensions.Options;
using PipelineSdk.Partitioning;

namespace PipelineSdk;

/// <summary>Checks options that are wrong whatever the model; errors name the option, its value and the cure.</summary>
internal sealed class PipelineOptionsValidator : IValidateOptions<PipelineOptions>
{
    public ValidateOptionsResult Validate(string? name, PipelineOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    public static void ThrowIfInvalid(PipelineOptions options)
    {
        var failures = Failures(options).ToList();
        if (failures.Count > 0) throw new OptionsValidationException(nameof(PipelineOptions), typeof(PipelineOptions), failures);
    }

    private static IEnumerable<string> Failures(PipelineOptions options)
    {
        if (options.Schedule is null) yield return "PipelineOptions.Schedule is null: choose one, such as PipelineSchedule.OneForwardOneBackward.";
        if (options.MicroBatches < 1) yield return AtLeastOne(nameof(options.MicroBatches), options.MicroBatches);
        if (options.MicroBatchSize < 1) yield return AtLeastOne(nameof(options.MicroBatchSize), options.MicroBatchSize);
        if (options.Stages < 1) yield return AtLeastOne(nameof(options.Stages), options.Stages);
        if (options.Workers < 1) yield return AtLeastOne(nameof(options.Workers), options.Workers);
        if (options.IntraOpThreads < 1) yield return AtLeastOne(nameof(options.IntraOpThreads), options.IntraOpThreads);
        if (options.LinkCapacity < 1) yield return AtLeastOne(nameof(options.LinkCapacity), options.LinkCapacity);
        if (options.StallTimeout is { } timeout && timeout <= TimeSpan.Zero)
            yield return $"PipelineOptions.StallTimeout is {timeout}: it must be longer than no time; null never reports a stall.";
        if (!Enum.IsDefined(options.LossReduction))
            yield return $"PipelineOptions.LossReduction is {(int)options.LossReduction}: choose Mean or Sum.";
        if (!Enum.IsDefined(options.BatchNorm)) yield return $"PipelineOptions.BatchNorm is {(int)options.BatchNorm}: choose MicroBatch or Deferred.";
        if (!Enum.IsDefined(options.Recompute)) yield return NoRecompute("Recompute", options.Recompute);
        foreach (var (stage, recompute) in options.RecomputeOfStage)
        {
            if (stage < 0) yield return $"PipelineOptions.RecomputeOfStage names stage {stage}: stages count from 0.";
            if (!Enum.IsDefined(recompute)) yield return NoRecompute($"RecomputeOfStage[{stage}]", recompute);
        }

        if (options.Devices is { } devices && devices.Any(device => device is null))
            yield return $"PipelineOptions.Devices has null for stage {devices.TakeWhile(device => device is not null).Count()}: name a device for every stage.";
        if (options.AccumulationSteps < 1) yield return AtLeastOne(nameof(options.AccumulationSteps), options.AccumulationSteps);
        if (options.MaxGradientNorm is { } norm && !(norm > 0 && double.IsFinite(norm)))
            yield return FormattableString.Invariant($"PipelineOptions.MaxGradientNorm is {norm}: it must be a finite number above 0.");
        if (options is { MaxGradientNorm: not null, Optimizer: null })
        {
            yield return "PipelineOptions.MaxGradientNorm is set, but PipelineOptions.Optimizer is not: set the latter, or call "
                + "torch.nn.utils.clip_grad_norm_(model.parameters(), ...) before the step of your own optimizer.";
        }

        foreach (var (name, dimension) in options.BatchDimensions)
        {
            if (dimension < 0) yield return NotNegative($"BatchDimensions[\"{name}\"]", dimension);
            if (options.ReplicatedInputs.Contains(name))
                yield return $"PipelineOptions.BatchDimensions and ReplicatedInputs both name '{name}': an input is either split or given whole.";
        }

        if (options.TargetBatchDimension < 0) yield return NotNegative(nameof(options.TargetBatchDimension), options.TargetBatchDimension);
        if (options.ResultBatchDimension < 0) yield return NotNegative(nameof(options.ResultBatchDimension), options.ResultBatchDimension);
        if (options.Plan is { IsAuto: false } plan)
        {
            foreach (var conflict in Conflicts(options, plan)) yield return conflict;
        }
    }

    private static IEnumerable<string> Conflicts(PipelineOptions options, PipelinePlan plan)
    {
        var microBatches = plan.Shape.MicroBatches;
        if (options.Schedule is { } schedule && options.IsScheduleSet && schedule.Name != plan.Schedule.Name)
            yield return Conflict(nameof(options.Schedule), schedule.Name, $"PipelineOptions.Plan is for {plan.Schedule.Name}");
        if (options.Stages is { } stages && stages != plan.Shape.Stages)
            yield return Conflict(nameof(options.Stages), stages, $"PipelineOptions.Plan has {plan.Shape.Stages} stage(s)");
        if (options.Workers is { } workers && workers != plan.Shape.Workers)
            yield return Conflict(nameof(options.Workers), workers, $"PipelineOptions.Plan has {plan.Shape.Workers} worker(s)");
        if (options.AreMicroBatchesSet && options.MicroBatches != microBatches)
            yield return Conflict(nameof(options.MicroBatches), options.MicroBatches, $"PipelineOptions.Plan has {microBatches} micro-batch(es)");
        if (options.MicroBatchSize is { } size)
            yield return Conflict(nameof(options.MicroBatchSize), size, $"PipelineOptions.Plan has {microBatches} micro-batch(es) of any size");
    }

    private static string Conflict(string option, object value, string plan) => $"PipelineOptions.{option} is {value}, but {plan}: leave one of them unset.";

    private static string NoRecompute(string option, ActivationRecompute recompute)
        => $"PipelineOptions.{option} is {(int)recompute}: choose {string.Join(", ", Enum.GetNames<ActivationRecompute>())}.";

    private static string NotNegative(string option, int value) => $"PipelineOptions.{option} is {value}: count dimensions from 0.";

    private static string AtLeastOne(string option, int? value) => $"PipelineOptions.{option} is {value}: it must be at least 1.";
}
