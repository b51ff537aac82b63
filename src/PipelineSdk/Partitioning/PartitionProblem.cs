using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Segments and options in the form the solvers need: sums over runs of segments in constant time.</summary>
/// <remarks>
/// Times are turned into whole ticks, about 2^52 for all segments together, so that equal segments make exactly equal sums and
/// ties are real ties, in whatever order they are added.
/// </remarks>
internal sealed class PartitionProblem
{
    private const double AllTicks = 1L << 52;
    private readonly long[] work;
    private readonly long[] transfer;
    private readonly long[] parameters;
    private readonly long[] states;
    private readonly long[] activations;
    private readonly int[] pins;
    private readonly (int First, int Last, int Count)[] pinned;
    private readonly double ticksPerUnit;

    public PartitionProblem(IReadOnlyList<SegmentCosts> segments, PartitionOptions options)
    {
        Segments = Guard.NotNull(segments, nameof(segments)).Select(segment => Guard.NotNull(segment, nameof(segments))).ToArray();
        Options = Guard.NotNull(options, nameof(options));
        if (Segments.Length == 0)
        {
            throw new PartitionException("There are no segments to cut.");
        }

        CheckCaps();
        CheckPins();
        double total = Segments.Sum(segment => segment.Total + (2 * TransferTime(segment)));
        total = double.IsInfinity(total)
            ? throw new PartitionException("The segments' times are too large to add up.")
            : total;
        ticksPerUnit = total > 0 ? Math.Pow(2, Math.Floor(Math.Log(AllTicks / total, 2))) : 1;
        ticksPerUnit = double.IsInfinity(ticksPerUnit) ? double.MaxValue : ticksPerUnit;
        work = Sums(segment => Ticks(segment.Total));
        transfer = Segments.Select(segment => Ticks(TransferTime(segment))).ToArray();
        parameters = Sums(segment => segment.ParameterBytes);
        states = Sums(segment => segment.StateBytes);
        activations = Sums(segment => segment.ActivationBytes);
        pins = new int[Segments.Length + 1];
        pinned = new (int First, int Last, int Count)[options.Stages];
        for (int i = 0; i < Segments.Length; i++)
        {
            pins[i + 1] = pins[i];
            if (Segments[i].PinnedStage is int stage)
            {
                pins[i + 1]++;
                pinned[stage] = (pinned[stage].Count == 0 ? i : pinned[stage].First, i, pinned[stage].Count + 1);
            }
        }
    }

    public SegmentCosts[] Segments { get; }

    public PartitionOptions Options { get; }

    public int Count => Segments.Length;

    /// <summary>What all times are multiples of, in ticks.</summary>
    public long Granularity
    {
        get
        {
            long all = transfer.Aggregate(0L, (bits, ticks) => bits | ticks);
            for (int i = 0; i < Count; i++)
            {
                all |= Work(i, i + 1);
            }

            return all == 0 ? 1 : all & -all;
        }
    }

    /// <summary>The ticks of all transfers, if every place were cut.</summary>
    public long AllTransfers => transfer.Sum();

    /// <summary>The ticks of the work of segments from <paramref name="start"/> up to <paramref name="end"/>. Grows with the
    /// run.</summary>
    public long Work(int start, int end) => work[end] - work[start];

    /// <summary>The ticks of the transfer over the cut before a stage that starts at a segment; 0 within a worker.</summary>
    public long TransferInto(int stage, int start) => CrossesWorkers(stage - 1) ? transfer[start - 1] : 0;

    /// <summary>The ticks of a stage, with transfers as the options count them. At least its work.</summary>
    public long Cost(int stage, int start, int end)
    {
        long back = TransferInto(stage, start);
        if (Options.Transfers == TransferMode.Overlapped)
        {
            return Math.Max(Work(start, end), 2 * back);
        }

        long forth = CrossesWorkers(stage) ? transfer[end - 1] : 0;
        return Work(start, end) + back + forth;
    }

    /// <summary>The ticks of every worker under a cut, given where stages end.</summary>
    public long[] WorkerLoads(int[] ends)
    {
        var loads = new long[Options.Workers];
        var longest = new long[loads.Length];
        for (int stage = 0; stage < ends.Length; stage++)
        {
            int start = stage == 0 ? 0 : ends[stage - 1];
            int worker = Options.WorkerOfStage[stage];
            bool overlapped = Options.Transfers == TransferMode.Overlapped;
            loads[worker] += overlapped ? Work(start, ends[stage]) : Cost(stage, start, ends[stage]);
            longest[worker] = Math.Max(longest[worker], overlapped ? 2 * TransferInto(stage, start) : 0);
        }

        return loads.Select((load, worker) => Math.Max(load, longest[worker])).ToArray();
    }

    /// <summary>Ticks in the unit of the segments' times.</summary>
    public double Time(long ticks) => ticks / ticksPerUnit;

    /// <summary>The bytes of a stage. Grows with the run; what is beyond a long counts as its largest value.</summary>
    public long Bytes(int stage, int start, int end) => Add(
        Multiply(parameters[end] - parameters[start], Options.WeightVersions?[stage] ?? 1),
        Add(states[end] - states[start], Multiply(activations[end] - activations[start], Options.InFlight?[stage] ?? 1)));

    public long Cap(int stage) => Options.MemoryCaps?[Options.WorkerOfStage[stage]] ?? long.MaxValue;

    /// <summary>The bytes that pass over the cut before a segment.</summary>
    public long CutBytes(int segment) => Segments[segment - 1].OutputBytes;

    /// <summary>Whether a stage may end before a segment.</summary>
    public bool CanCut(int segment) => segment == Count || Segments[segment - 1].CanCutAfter;

    /// <summary>The segment after the last one pinned to a stage; 0 where none is.</summary>
    public int PinnedUpTo(int stage) => pinned[stage].Count == 0 ? 0 : pinned[stage].Last + 1;

    /// <summary>Whether pins allow a stage to hold exactly this run: all segments pinned to it, and none pinned
    /// elsewhere.</summary>
    public bool PinsAllow(int stage, int start, int end) =>
        pins[end] - pins[start] == pinned[stage].Count
        && (pinned[stage].Count == 0 || (pinned[stage].First >= start && pinned[stage].Last < end));

    private bool CrossesWorkers(int stage) =>
        stage >= 0 && stage + 1 < Options.Stages && Options.WorkerOfStage[stage] != Options.WorkerOfStage[stage + 1];

    private double TransferTime(SegmentCosts segment) => Options.LinkLatency + (segment.OutputBytes / Options.LinkBandwidth);

    private static long Multiply(long size, int times) => times == 0 || size <= long.MaxValue / times ? size * times : long.MaxValue;

    private static long Add(long a, long b) => a <= long.MaxValue - b ? a + b : long.MaxValue;

    private long Ticks(double time) => (long)Math.Round(time * ticksPerUnit);

    private long[] Sums(Func<SegmentCosts, long> size)
    {
        var sums = new long[Segments.Length + 1];
        for (int i = 0; i < Segments.Length; i++)
        {
            long next = size(Segments[i]);
            sums[i + 1] = next <= long.MaxValue - sums[i]
                ? sums[i] + next
                : throw new PartitionException("The segments' sizes are too large to add up.", i);
        }

        return sums;
    }

    private void CheckCaps()
    {
        if (Options.MemoryCaps is { } caps && caps.Count < Options.Workers)
        {
            throw new PartitionException(
                Invariant($"There are memory caps for {caps.Count} workers, but stages on {Options.Workers}."));
        }
    }

    private void CheckPins()
    {
        int highest = -1;
        int holder = -1;
        for (int i = 0; i < Segments.Length; i++)
        {
            if (Segments[i].PinnedStage is not int stage)
            {
                continue;
            }

            if (stage >= Options.Stages)
            {
                throw new PartitionException(
                    Invariant($"Segment {i}, '{Segments[i].Name}', is pinned to stage {stage}, but there are {Options.Stages} stages, counted from 0."), i);
            }

            if (stage < highest)
            {
                throw new PartitionException(
                    Invariant($"Segment {i}, '{Segments[i].Name}', is pinned to stage {stage}, but segment {holder}, '{Segments[holder].Name}', before it to stage {highest}."), i);
            }

            (highest, holder) = (stage, i);
        }
    }
}
