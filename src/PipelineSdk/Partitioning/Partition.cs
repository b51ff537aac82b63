using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Segments cut into stages.</summary>
public sealed class Partition
{
    internal Partition(PartitionProblem problem, int[] ends)
    {
        Starts = ends.Select((_, stage) => stage == 0 ? 0 : ends[stage - 1]).ToArray();
        Ends = ends;
        StageTimes = ends.Select((end, stage) => problem.Time(problem.Cost(stage, Starts[stage], end))).ToArray();
        StageBytes = ends.Select((end, stage) => problem.Bytes(stage, Starts[stage], end)).ToArray();
        CutBytes = ends.Take(ends.Length - 1).Select(problem.CutBytes).ToArray();
        WorkerTimes = Array.ConvertAll(problem.WorkerLoads(ends), problem.Time);
        var bytes = new long[problem.Options.Workers];
        for (int stage = 0; stage < ends.Length; stage++)
        {
            bytes[problem.Options.WorkerOfStage[stage]] += StageBytes[stage];
        }

        WorkerBytes = bytes;
    }

    /// <summary>For each stage, its first segment.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>For each stage, the segment after its last.</summary>
    public IReadOnlyList<int> Ends { get; }

    /// <summary>For each stage, its time per micro-batch, with transfers as the options count them.</summary>
    public IReadOnlyList<double> StageTimes { get; }

    /// <summary>For each stage, the bytes it holds at most.</summary>
    public IReadOnlyList<long> StageBytes { get; }

    /// <summary>
    /// For each worker, its time per micro-batch: the sum of its stages' times or, where transfers overlap with work, the longest
    /// transfer there and back over a cut into one of its stages, if that takes longer than all their work.
    /// </summary>
    public IReadOnlyList<double> WorkerTimes { get; }

    /// <summary>For each worker, the sum of its stages' bytes.</summary>
    public IReadOnlyList<long> WorkerBytes { get; }

    /// <summary>For each cut, the bytes that pass over it.</summary>
    public IReadOnlyList<long> CutBytes { get; }

    /// <summary>The time of the slowest worker: what a micro-batch costs in the steady state.</summary>
    public double Bottleneck => WorkerTimes.Max();

    /// <summary>The stage of a segment.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no segment of that number.</exception>
    public int StageOf(int segment)
    {
        for (int stage = 0; stage < Ends.Count; stage++)
        {
            if (segment >= Starts[stage] && segment < Ends[stage])
            {
                return stage;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(segment), segment, "There is no segment of that number.");
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(" | ", Ends.Select((end, stage) => Invariant($"{Starts[stage]}-{end - 1}")));
}
