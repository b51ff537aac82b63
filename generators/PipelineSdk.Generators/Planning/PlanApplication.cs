using PipelineSdk.Generators.Model;
using PipelineSdk.Model;
using PipelineSdk.Partitioning;
using static System.FormattableString;

namespace PipelineSdk.Generators.Planning;

/// <summary>Pins the segments of a model to the stages of the plan that the build has for it.</summary>
internal static class PlanApplication
{
    public static PlannedModel Apply(PipelineModel model, EquatableArray<PlanModel> plans)
    {
        var own = plans.Where(plan => plan.Model == model.Type.Name).ToList();
        // What could not be cut has errors of its own.
        if (own.Count == 0 || model.Segments.Count == 0) return new PlannedModel(model, null, null);
        var plan = own[0];
        if (own.Count > 1) return Refuse($"{own[1].File} is a plan for it too. Give the build one of them.");

        var places = Places(model, plan.Segments);
        if (PlanDifference.Of(plan.Model, plan.Segments, model.Type.Name, [.. places.Select(place => place.Name)]) is { } difference)
        {
            return Refuse($"{difference} Make the plan anew, or take it out of the build.");
        }

        for (var i = 0; i < places.Count; i++)
        {
            if (places[i].Pinned is not { } stage || stage == plan.Stages[i]) continue;
            return Refuse(Invariant(
                $"'{places[i].Name}' is in stage {plan.Stages[i]} of the plan, but pinned to stage {stage}. Attributes win over a plan: make the plan anew, or remove the stage attributes."));
        }

        return new PlannedModel(
            model with
            {
                Defaults = new PipelineDefaults
                {
                    Schedule = model.Defaults.Schedule ?? plan.Defaults.Schedule,
                    Workers = model.Defaults.Workers ?? plan.Defaults.Workers,
                    MicroBatches = model.Defaults.MicroBatches ?? plan.Defaults.MicroBatches,
                },
                Segments = places.Select((place, i) => (place.Segment, Range: (place.Start, place.End), Stage: plan.Stages[i]))
                    .GroupBy(place => place.Segment)
                    .Select(pieces => Pin(pieces.Key, [.. pieces.Select(piece => (piece.Range.Start, piece.Range.End, piece.Stage))]))
                    .ToEquatableArray(),
            },
            null,
            null);

        PlannedModel Refuse(string reason) => new(model, plan, reason);
    }

    // What the runtime would place: segments, ranges with a stage, and elements. How many elements there are only the plan knows.
    private static List<(string Name, SegmentModel Segment, int Start, int End, int? Pinned)> Places(PipelineModel model, EquatableArray<string> planned)
    {
        var places = new List<(string Name, SegmentModel Segment, int Start, int End, int? Pinned)>();
        foreach (var segment in model.Segments)
        {
            if (segment.Division is not { } division)
            {
                places.Add((segment.Name, segment, 0, int.MaxValue, segment.PinnedStage));
                continue;
            }

            foreach (var range in division.Ranges)
            {
                places.Add((RangeName.Of(division.Containers, range.Start, range.End), segment, range.Start, range.End, range.Stage));
            }

            if (division.Ranges.Count > 0) continue;
            var elements = Elements(division, planned);
            for (var i = 0; i < elements; i++) places.Add((RangeName.Of(division.Containers, i, i + 1), segment, i, i + 1, null));
            if (elements == 0) places.Add((RangeName.Of(division.Containers, 0, int.MaxValue), segment, 0, int.MaxValue, null));
        }

        return places;
    }

    // How many elements of a container the plan lists in a row, wherever that is.
    private static int Elements(DivisionModel division, EquatableArray<string> planned)
    {
        var first = 0;
        while (first < planned.Count && planned[first] != RangeName.Of(division.Containers, 0, 1)) first++;
        var elements = 0;
        while (first + elements < planned.Count && planned[first + elements] == RangeName.Of(division.Containers, elements, elements + 1)) elements++;
        return elements;
    }

    // A range for each element, so that segments keep the names that plans and profiles know them by.
    private static SegmentModel Pin(SegmentModel segment, IReadOnlyList<(int Start, int End, int Stage)> pieces) => segment with
    {
        PinnedStage = pieces[0].Stage,
        Division = segment.Division is not { } division ? null : division with
        {
            Ranges = pieces.Select((piece, i) => new RangeModel(piece.Start, piece.End, i == pieces.Count - 1, piece.Stage)).ToEquatableArray(),
        },
    };
}
