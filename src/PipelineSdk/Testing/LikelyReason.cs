using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using static TorchSharp.torch;

namespace PipelineSdk.Testing;

/// <summary>Why a pipeline may differ from its uncut model, as far as model and options tell.</summary>
internal static class LikelyReason
{
    public static string Of(nn.Module model, EquivalenceSubject subject, PipelineOptions options, StepTimeline timeline, Tensor? expected)
    {
        var training = model.named_modules().Where(entry => entry.module.training).ToList();
        var dropouts = Names(training, "Dropout");
        var norms = Names(training, "BatchNorm");
        if (dropouts.Count > 0)
        {
            return $"Dropout trains ({Some(dropouts)}): a pipeline draws masks of its own for every segment and micro-batch (PipelineOptions.Seed), other ones than "
                + "the uncut model. Compare in evaluation mode, or without dropout; or compare with a pipeline of one stage, which draws the same.";
        }

        if (OrdersDiffer(timeline))
        {
            return $"Under {timeline.Schedule} not all stages add the gradients of micro-batches in the same order, so that sums are rounded otherwise. Compare with a tolerance.";
        }

        if (subject == EquivalenceSubject.Buffer && norms.Count > 0 && options.BatchNorm != BatchNormStatistics.MicroBatch)
        {
            return $"PipelineOptions.BatchNorm is {options.BatchNorm}: running statistics ({Some(norms)}) are updated once per step, where the uncut model updates them with every "
                + "micro-batch. Compare with MicroBatch.";
        }

        if (subject == EquivalenceSubject.Buffer && norms.Count > 0)
        {
            return $"Batch normalisation trains ({Some(norms)}), and the statistics of its micro-batches come in the order of its stage's forwards: look for a stage that runs "
                + "forwards twice, or a layer that is used outside forward.";
        }

        if (expected is not null && subject != EquivalenceSubject.Weight && !IsFinite(expected))
            return "The uncut model's numbers are not finite themselves.";

        if (options.IntraOpThreads is not 1)
        {
            return "With more than one intra-op thread libtorch shares sums out by the number of threads that it has at the moment. Compare with "
                + "PipelineOptions.IntraOpThreads = 1.";
        }

        return "What may cause it: forward or the loss keeps something between calls, or draws random numbers; a tensor that is in no state_dict was made differently by "
            + "the two calls that built the model; a layer changes its weights in forward; an operation is not deterministic.";
    }

    private static List<string> Names(IEnumerable<(string Name, nn.Module Module)> modules, string kind)
        => [.. modules.Where(entry => entry.Module.GetType().Name.Contains(kind, StringComparison.Ordinal)).Select(entry => entry.Name)];

    private static string Some(List<string> names) => string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");

    private static bool OrdersDiffer(StepTimeline timeline) => timeline.Actions
        .Where(record => record.Action.Kind is ActionKind.Backward or ActionKind.WeightGradient)
        .GroupBy(record => record.Action.Stage)
        .Select(stage => string.Join(' ', stage.OrderBy(record => record.Start).Select(record => record.Action.MicroBatch)))
        .Distinct().Count() > 1;

    private static bool IsFinite(Tensor tensor) => tensor.isfinite().all().item<bool>();
}
