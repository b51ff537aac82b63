using Microsoft.Extensions.Options;

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
        if (options.IntraOpThreads < 1) yield return AtLeastOne(nameof(options.IntraOpThreads), options.IntraOpThreads);
        if (options.LinkCapacity < 1) yield return AtLeastOne(nameof(options.LinkCapacity), options.LinkCapacity);
        if (!Enum.IsDefined(options.LossReduction))
            yield return $"PipelineOptions.LossReduction is {(int)options.LossReduction}: choose Mean or Sum.";
    }

    private static string AtLeastOne(string option, int? value) => $"PipelineOptions.{option} is {value}: it must be at least 1.";
}
