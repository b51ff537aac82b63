using PipelineSdk.Generators.Diagnostics;
using PipelineSdk.Generators.Model;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using static System.FormattableString;
using static PipelineSdk.Generators.Parser.PipelineArguments;

namespace PipelineSdk.Generators.Planning;

/// <summary>Proves what the arguments of <c>[Pipeline]</c> say with the runtime's own schedules, built for the stages of the model.</summary>
internal static class ScheduleArguments
{
    /// <summary>With more forwards only the shape is checked, so that nobody waits while they type; the runtime proves the program in any case.</summary>
    private const long MostForwards = 4096;

    public static IEnumerable<PlacedReport> Check(PipelineModel model, ClassPlace place)
    {
        // Nothing is built for the many classes that say nothing.
        if (place.Arguments.Count == 0 || model.Defaults == PipelineDefaults.None) return [];
        return Faults(model.Defaults, StagesOf(model)).Select(fault => new PlacedReport(
            DiagnosticCatalogue.ScheduleArguments,
            place.FilePath,
            PlaceOf(place, fault.Arguments).Span,
            new EquatableArray<string>([place.Name, fault.Reason])));
    }

    /// <summary>How many stages the segments are pinned to; null where the choice is open, or where there are none.</summary>
    public static int? StagesOf(PipelineModel model)
    {
        var stages = model.Segments
            .SelectMany(segment => segment.Division is { Ranges: { Count: > 0 } ranges } ? ranges.Select(range => (int?)range.Stage) : [segment.PinnedStage])
            .ToList();
        return stages.Count == 0 || stages.Contains(null) ? null : stages.Max() + 1;
    }

    // What is wrong, and the arguments that are to blame, most of all the first.
    private static IEnumerable<(string[] Arguments, string Reason)> Faults(PipelineDefaults defaults, int? stages)
    {
        var schedule = defaults.Schedule is { } name ? ScheduleCatalog.TryGet(name) : PipelineSchedule.OneForwardOneBackward;
        var isWrong = schedule is null || defaults.Workers < 1 || defaults.MicroBatches < 1;
        if (schedule is null) yield return ([Schedule], ScheduleCatalog.WhyNone(defaults.Schedule!));
        if (defaults.Workers < 1) yield return ([Workers], Invariant($"Workers is {defaults.Workers}, but must be at least 1."));
        if (defaults.MicroBatches < 1) yield return ([MicroBatches], Invariant($"MicroBatches is {defaults.MicroBatches}, but must be at least 1."));
        if (isWrong || stages is not { } count) yield break;

        var shape = new ScheduleShape(defaults.Workers ?? count, count, defaults.MicroBatches ?? PipelineDefaults.UsualMicroBatches);
        if (schedule!.Refusal(shape) is { } refusal) yield return (ToBlame(schedule, shape), refusal);
        else if ((long)count * shape.MicroBatches <= MostForwards && ScheduleCheck.TryVerify(schedule.Build(shape)).Error is { } error)
        {
            // The lines after the first draw the program.
            yield return ([Schedule, Workers, MicroBatches], error.Message.Split('\n')[0]);
        }
    }

    // The argument that is to be changed to get to the nearest shape that works.
    private static string[] ToBlame(PipelineSchedule schedule, ScheduleShape shape)
        => schedule.NearestShapes(shape, 1) is [var nearest] && (nearest.Workers, nearest.Stages) == (shape.Workers, shape.Stages)
            ? [MicroBatches, Schedule, Workers]
            : [Workers, Schedule, MicroBatches];

    private static ArgumentPlace PlaceOf(ClassPlace place, string[] arguments)
        => arguments.Select(name => place.Arguments.FirstOrDefault(argument => argument.Name == name)).FirstOrDefault(argument => argument is not null)
            ?? place.Arguments[0];
}
