using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Plans as text: JSON that is the same for the same plan, with a segment a line, so that changes show well in a
/// diff.</summary>
public static class PlanFile
{
    private const string FormatName = "pipelinesdk-plan";

    /// <summary>Writes a plan; <see cref="Parse"/> reads it back.</summary>
    public static string Format(PipelinePlan plan)
    {
        Guard.NotNull(plan, nameof(plan));
        var writer = new PlanWriter();
        writer.Line(0, "{");
        writer.Line(1, $"\"format\": \"{FormatName}\",");
        writer.Line(1, Invariant($"\"version\": {PipelinePlan.CurrentVersion},"));
        writer.Line(1, $"\"model\": {PlanWriter.Quote(plan.Profile.Model)},");
        writer.Line(1, $"\"unit\": {PlanWriter.Quote(plan.Profile.Unit)},");
        writer.Line(1, Invariant($"\"samples\": {plan.Profile.Samples},"));
        writer.Line(1, $"\"actionOverhead\": {PlanWriter.Number(plan.Profile.ActionOverhead)},");
        writer.Line(1, Invariant(
            $"\"schedule\": {{ \"name\": {PlanWriter.Quote(plan.Schedule.Name)}, \"workers\": {plan.Shape.Workers}, \"microBatches\": {plan.Shape.MicroBatches} }},"));
        writer.Line(1, "\"predicted\": {");
        writer.Line(2, $"\"makespan\": {PlanWriter.Number(plan.Predicted.Makespan)},");
        writer.Line(2, $"\"flushBubble\": {PlanWriter.Number(plan.Predicted.FlushBubble)},");
        writer.Line(2, $"\"peakBytes\": [{string.Join(", ", plan.Predicted.PeakBytes.Select(bytes => PlanWriter.Number(bytes)))}]");
        writer.Line(1, "},");
        writer.List(1, "stages", plan.Stages.Select(stage => Invariant($"{{ \"worker\": {stage.Worker}, \"segments\": [")
            + string.Join(", ", plan.Profile.Segments.Skip(stage.Start).Take(stage.End - stage.Start).Select(segment => PlanWriter.Quote(segment.Name)))
            + "] }"), last: false);
        writer.List(1, "costs", plan.Profile.Segments.Select(PlanWriter.Segment), last: true);
        writer.Line(0, "}");
        return writer.ToString();
    }

    /// <summary>Reads a plan.</summary>
    /// <exception cref="PlanFormatException">The text is no plan, or one of a newer version; the message names line and
    /// column.</exception>
    public static PipelinePlan Parse(string text)
    {
        var root = JsonParser.Parse(Guard.NotNull(text, nameof(text)));
        var format = root.Property("format");
        if (format.String() != FormatName)
        {
            throw format.Fault($"This is no plan: its format is \"{format.Text}\", not \"{FormatName}\".");
        }

        var version = root.Property("version");
        if (version.Integer(1) > PipelinePlan.CurrentVersion)
        {
            throw version.Fault(Invariant(
                $"The plan is of version {version.Text}; this PipelineSdk reads up to version {PipelinePlan.CurrentVersion}. Update it, or make the plan anew."));
        }

        var segments = root.Property("costs").Array().ConvertAll(ReadSegment);
        var schedule = root.Property("schedule");
        var stages = ReadStages(root.Property("stages"), segments);
        var predicted = root.Property("predicted");
        var prediction = new PlanPrediction(
            predicted.Property("makespan").Number(),
            predicted.Property("flushBubble").Number(),
            predicted.Property("peakBytes").Array().ConvertAll(bytes => bytes.Bytes()));
        predicted.NothingElse();
        var plan = Build(root, schedule, segments, stages, prediction);
        schedule.NothingElse();
        root.NothingElse();
        return plan;
    }

    private static PipelinePlan Build(
        JsonNode root, JsonNode schedule, List<SegmentCosts> segments, List<PlannedStage> stages, PlanPrediction prediction)
    {
        var name = schedule.Property("name");
        int workers = schedule.Property("workers").Integer(1);
        int microBatches = schedule.Property("microBatches").Integer(1);
        string model = root.Property("model").String();
        int samples = root.Property("samples").Integer(1);
        try
        {
            var profile = new ModelProfile(model, samples, segments)
            {
                Unit = root.Property("unit").String(),
                ActionOverhead = root.Property("actionOverhead").Number(),
            };
            var plan = new PipelinePlan(profile, name.String(), microBatches, stages, prediction);
            return plan.Shape.Workers == workers ? plan : throw schedule.Fault(
                Invariant($"The schedule has {workers} workers, but the stages are on {plan.Shape.Workers}."));
        }
        catch (ArgumentException error)
        {
            // What the framework adds about the parameter, .NET in brackets and .NET Framework on a line, means nothing to someone who reads a file.
            string message = error.Message.Split('\r', '\n')[0];
            int addition = message.IndexOf(" (Parameter", StringComparison.Ordinal);
            throw schedule.Fault(addition < 0 ? message : message.Remove(addition));
        }
    }

    private static List<PlannedStage> ReadStages(JsonNode node, List<SegmentCosts> segments)
    {
        int next = 0;
        var stages = new List<PlannedStage>();
        foreach (var item in node.Array())
        {
            int start = next;
            foreach (var segment in item.Property("segments").Array())
            {
                string expected = next < segments.Count ? segments[next].Name : throw segment.Fault(
                    Invariant($"There are costs of {segments.Count} segments, so '{segment.String()}' is one too many."));
                next = segment.String() == expected ? next + 1 : throw segment.Fault(
                    Invariant($"Segment {next} is '{segment.Text}' here, but '{expected}' among the costs."));
            }

            stages.Add(new PlannedStage(item.Property("worker").Integer(0), start, next));
            item.NothingElse();
        }

        return stages.Count > 0 ? stages : throw node.Fault("There are no stages.");
    }

    private static SegmentCosts ReadSegment(JsonNode node)
    {
        var costs = new SegmentCosts(
            node.Property("name").String(),
            node.Property("forward").Number(),
            node.Property("inputGradient").Number(),
            node.Property("weightGradient").Number())
        {
            OutputBytes = node.Property("outputBytes").Bytes(),
            ActivationBytes = node.Property("activationBytes").Bytes(),
            ParameterBytes = node.Property("parameterBytes").Bytes(),
            StateBytes = node.Property("stateBytes").Bytes(),
            PinnedStage = node.Has("pinnedStage") ? node.Property("pinnedStage").Integer(0) : null,
            CanCutAfter = !node.Has("canCutAfter") || node.Property("canCutAfter").Boolean(),
        };
        node.NothingElse();
        return costs;
    }
}
