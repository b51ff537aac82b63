namespace PipelineSdk.Benchmarks.Speed;

/// <summary>The tables of the suite, on the console and as CSV files in a folder.</summary>
internal sealed class SpeedReport(string folder)
{
    /// <summary>What the columns of <see cref="Speed"/> mean.</summary>
    public const string Legend = """
        Speeds over one thread that runs the same micro-batches, and over the uncut model on all cores: medians of rounds.
        drift         speed over one thread in the second half of the rounds against the first: above 0 is slower
        bound         what the schedule allows over one thread, on cores that do not disturb each other
        of bound      the speed over one thread, divided by it
        of cores      the same, of the bound with the cores as fast as they are for independent copies at once ("copies" is that ceiling)
        of own bound  of a step's time, what the schedule needs with stages as slow as they were in that step; the rest is waiting and hand-over
        """;

    private static readonly Figures<OverheadRow> OverheadFigures = new(
        new("what", "what", row => row.What),
        new("us", "microseconds", row => row.Microseconds),
        new("bytes", "bytes_allocated", row => row.Bytes, "0"));

    private static readonly Figures<TelemetryRow> TelemetryFigures = new(
        new("listening", "listening", row => row.Listening),
        new("record, us/action", "record_microseconds_per_action", row => row.RecordMicroseconds, "0.000"),
        new("publish, us/action", "publish_microseconds_per_action", row => row.PublishMicroseconds, "0.000"),
        new("bytes/action", "bytes_per_action", row => row.Bytes, "0"),
        new("% of the step", "percent_of_step", row => row.PercentOfStep, "0.0000"));

    private static readonly Figures<(Comparison Of, SpeedRow Row)> SpeedFigures = new(
        new("", "workload", line => line.Of.Workload),
        new("contender", "contender", line => line.Row.Name),
        new("", "workers", line => line.Row.Limits?.Workers),
        new("ms/step", "seconds_per_step", line => line.Row.Seconds, "0.0", 1000),
        new("samples/s", "samples_per_second", line => line.Of.Samples / line.Row.Seconds, "0.0"),
        new("over 1 thread", "over_one_thread", line => line.Row.OverOneThread),
        new("over all cores", "over_all_cores", line => line.Row.OverAllCores),
        new("drift %", "drift_percent", line => line.Row.Drift, "+0.0;-0.0;0.0"),
        new("bound", "bound", line => line.Row.Limits?.Bound),
        new("", "ceiling", line => line.Row.Limits?.Ceiling),
        new("of bound", "of_bound", line => line.Row.Efficiency),
        new("of cores", "of_cores", line => line.Row.OfCores),
        new("of own bound", "of_own_bound", line => line.Row.Limits?.OfOwnBound),
        new("min, ms", "fastest_round_seconds", line => line.Row.Rounds.Min(), "0", 1000),
        new("max, ms", "slowest_round_seconds", line => line.Row.Rounds.Max(), "0", 1000));

    private static readonly Figures<(string Workload, string Contender, int Round, double Seconds)> RoundFigures = new(
        new("", "workload", line => line.Workload),
        new("", "contender", line => line.Contender),
        new("", "round", line => line.Round),
        new("", "seconds_per_step", line => line.Seconds));

    private static readonly Figures<MemoryRow> MemoryFigures = new(
        new("workload", "workload", row => row.Workload),
        new("schedule", "schedule", row => row.Schedule),
        new("recompute", "recompute", row => row.Recompute),
        new("micro-batches in flight", "peak_in_flight", row => string.Join(" | ", row.PeakInFlight)),
        new("resident, MiB", "resident_mebibytes", row => row.ResidentMiB, "0"));

    private static readonly Figures<LeverRow> LeverFigures = new(
        new("", "workload", row => row.Workload),
        new("lever", "lever", row => row.Lever),
        new("pipeline, ms", "pipeline_seconds_per_step", row => row.Pipeline, "0.0", 1000),
        new("one thread, ms", "one_thread_seconds_per_step", row => row.OneThread, "0.0", 1000),
        new("ratio", "over_one_thread", row => row.OneThread / row.Pipeline));

    private readonly List<Comparison> comparisons = [];

    public void Overheads(IEnumerable<OverheadRow> rows) => Write("the pipeline's own cost: stages that do nothing", OverheadFigures, [.. rows], "overheads.csv");

    public void Telemetry(IEnumerable<TelemetryRow> rows)
        => Write($"telemetry, per action; and all actions of a step of {TelemetryRow.Work.Name} through two stages", TelemetryFigures, [.. rows], "telemetry.csv");

    public void Memory(IEnumerable<MemoryRow> rows) => Write("memory, two stages", MemoryFigures, [.. rows], "memory.csv");

    public void Levers(string workload, IEnumerable<LeverRow> rows) => Write($"what helps: {workload}, 1F1B on 2 workers", LeverFigures, [.. rows], "levers.csv");

    /// <summary>Prints a comparison; the files have all so far, so that a run that is broken off leaves something.</summary>
    public void Speed(Comparison comparison)
    {
        comparisons.Add(comparison);
        SpeedFigures.Print(comparison.Workload, [.. Lines(comparison)]);
        SpeedFigures.WriteCsv(PathOf("speed.csv"), comparisons.SelectMany(Lines));
        RoundFigures.WriteCsv(PathOf("speed-rounds.csv"), comparisons.SelectMany(of => of.Rows.SelectMany(row => row.Rounds.Select((seconds, round) => (of.Workload, row.Name, round, seconds)))));
        SpeedSvg.Write(PathOf("speed.svg"), comparisons);
    }

    private static IEnumerable<(Comparison Of, SpeedRow Row)> Lines(Comparison comparison) => comparison.Rows.Select(row => (comparison, row));

    private void Write<TRow>(string title, Figures<TRow> figures, IReadOnlyList<TRow> rows, string file)
    {
        figures.Print(title, rows);
        figures.WriteCsv(PathOf(file), rows);
    }

    private string PathOf(string file) => Path.Combine(folder, file);
}
