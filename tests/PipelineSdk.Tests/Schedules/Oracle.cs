using System.Text.Json;
using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Tests.Schedules;

/// <summary>One case of schedule-oracles.json: a fixed order run with free communication, and the figures that came of
/// it.</summary>
public sealed class Oracle
{
    private static readonly Lazy<IReadOnlyList<Oracle>> Cases = new(Load);

    public required string Schedule { get; init; }

    public required ScheduleShape Shape { get; init; }

    public required StageCosts Costs { get; init; }

    public required IReadOnlyList<string> Order { get; init; }

    public required double Makespan { get; init; }

    public required IReadOnlyList<double> Busy { get; init; }

    public required IReadOnlyList<double> FlushBubble { get; init; }

    public required double FlushBubbleFraction { get; init; }

    public required double SpanBubbleMax { get; init; }

    public required IReadOnlyList<int> PeakUntilWeightGradient { get; init; }

    public required IReadOnlyList<int> PeakUntilInputGradient { get; init; }

    public static IReadOnlyList<Oracle> All => Cases.Value;

    public static IEnumerable<Oracle> Of(string schedule) => All.Where(oracle => oracle.Schedule == schedule);

    public override string ToString() => Invariant(
        $"{Schedule} p={Shape.Workers} s={Shape.Stages} m={Shape.MicroBatches} F={Costs.Forward} I={Costs.InputGradient} W={Costs.WeightGradient}");

    private static List<Oracle> Load()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Schedules", "schedule-oracles.json"));
        using var json = JsonDocument.Parse(file);
        return [.. json.RootElement.GetProperty("cases").EnumerateArray().Select(Read)];
    }

    private static Oracle Read(JsonElement json)
    {
        int ranks = json.GetProperty("ranks").GetInt32();
        var time = json.GetProperty("perStageTime");
        return new Oracle
        {
            Schedule = json.GetProperty("schedule").GetString()!,
            Shape = new(ranks, json.GetProperty("stages").GetInt32(), json.GetProperty("microbatches").GetInt32()),
            Costs = new(time.GetProperty("F").GetDouble(), time.GetProperty("I").GetDouble(), time.GetProperty("W").GetDouble())
            {
                Backward = time.GetProperty("B").GetDouble(),
            },
            Order = [.. Enumerable.Range(0, ranks).Select(rank => json.GetProperty("order").GetProperty(Invariant($"{rank}")).GetString()!)],
            Makespan = json.GetProperty("makespan").GetDouble(),
            Busy = Doubles(json, "busyPerRank"),
            FlushBubble = Doubles(json, "flushBubblePerRank"),
            FlushBubbleFraction = json.GetProperty("flushBubbleFraction").GetDouble(),
            SpanBubbleMax = json.GetProperty("spanBubbleMax").GetDouble(),
            PeakUntilWeightGradient = Ints(json, "peakInFlight_F_to_W"),
            PeakUntilInputGradient = Ints(json, "peakInFlight_F_to_I"),
        };
    }

    private static double[] Doubles(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(e => e.GetDouble())];

    private static int[] Ints(JsonElement json, string name) => [.. json.GetProperty(name).EnumerateArray().Select(e => e.GetInt32())];
}
