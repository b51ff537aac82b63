using PipelineSdk.Schedules;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Divides a model into stages and machines among the stages, as PipeDream's planner does.</summary>
/// <remarks>
/// <para>Source: Narayanan et al., "PipeDream: Generalized Pipeline Parallelism for DNN Training", 2019, section 3.1, in the form
/// of its published optimizer: A(j, m) = min over i, m' of max(A(i, m - m'), C(i), T(i..j, m')), where m' machines run segments i
/// up to j in the time T = (work + 4 (m' - 1) parameters / (bandwidth m')) / m', and C = 2 output / (bandwidth m') is what the
/// cuts cost where transfers count.</para>
/// <para>Exact: of all divisions with the best time, the one with the fastest second slowest stage is taken, and so on.
/// PipeDream's takes any.</para>
/// </remarks>
public static class ReplicatedPartitioner
{
    /// <summary>Divides segments and machines.</summary>
    /// <exception cref="PartitionException">There are no segments, or nothing fits the memory cap.</exception>
    public static ReplicatedPartition Solve(IReadOnlyList<SegmentCosts> segments, ReplicationOptions options)
    {
        Guard.NotNull(segments, nameof(segments));
        Guard.NotNull(options, nameof(options));
        if (segments.Count == 0)
        {
            throw new PartitionException("There are no segments to divide.");
        }

        var solver = new Solver(segments, options);
        var stages = solver.Solve() ?? throw solver.Failure();
        double time = 0;
        for (int i = 0; i < stages.Count; i++)
        {
            time = Math.Max(time, Math.Max(stages[i].Time, solver.Transfer(stages[i])));
        }

        return new ReplicatedPartition(stages, time, solver.Time(0, segments.Count, 1), solver.Time(0, segments.Count, options.Machines));
    }

    private sealed class Solver
    {
        private readonly IReadOnlyList<SegmentCosts> segments;
        private readonly ReplicationOptions options;
        private readonly double[] work;
        private readonly double[] parameters;
        private readonly double[] activations;

        public Solver(IReadOnlyList<SegmentCosts> segments, ReplicationOptions options)
        {
            this.segments = segments;
            this.options = options;
            work = new double[segments.Count + 1];
            parameters = new double[segments.Count + 1];
            activations = new double[segments.Count + 1];
            for (int i = 0; i < segments.Count; i++)
            {
                var segment = Guard.NotNull(segments[i], nameof(segments));
                work[i + 1] = work[i] + segment.Total;
                parameters[i + 1] = parameters[i] + segment.ParameterBytes;
                activations[i + 1] = activations[i] + segment.ActivationBytes;
            }
        }

        public double Time(int start, int end, int replicas)
        {
            double exchange = 4 * (replicas - 1) * (parameters[end] - parameters[start]) / (options.Bandwidth * replicas);
            return (work[end] - work[start] + exchange) / replicas;
        }

        /// <summary>The time of the widest of a stage's two cuts; 0 where transfers do not count.</summary>
        public double Transfer(ReplicatedStage stage) => Transfer(stage.Start, stage.End, stage.Replicas);

        public List<ReplicatedStage>? Solve()
        {
            var best = new Division?[segments.Count + 1, options.Machines + 1];
            best[0, 0] = new Division([], default, null);
            for (int machines = 1; machines <= options.Machines; machines++)
            {
                for (int end = 1; end <= segments.Count; end++)
                {
                    if (end == segments.Count || segments[end - 1].CanCutAfter)
                    {
                        best[end, machines] = Best(best, end, machines);
                    }
                }
            }

            var stages = new List<ReplicatedStage>();
            for (var at = best[segments.Count, options.Machines]; at?.Before is not null; at = at.Before)
            {
                stages.Insert(0, at.Last);
            }

            return stages.Count == 0 ? null : stages;
        }

        public PartitionException Failure() => new(Invariant(
            $"There is no division of {segments.Count} segments among {options.Machines} machines")
            + (options.MemoryCap is long cap ? Invariant($" in which every stage fits {cap} bytes.") : ": there are too few places to cut."));

        private Division? Best(Division?[,] best, int end, int machines)
        {
            Division? least = null;
            int most = options.Replicate ? machines : 1;
            for (int start = 0; start < end; start++)
            {
                for (int replicas = 1; replicas <= most; replicas++)
                {
                    if (best[start, machines - replicas] is not { } before || !Fits(start, end, replicas, machines))
                    {
                        continue;
                    }

                    double time = Time(start, end, replicas);
                    double bottleneck = Math.Max(time, Transfer(start, end, replicas));
                    if (least is not null && bottleneck > least.Times[0])
                    {
                        continue;
                    }

                    var candidate = new Division(
                        Insert(before.Times, bottleneck), new ReplicatedStage(start, end, replicas, work[end] - work[start], time), before);
                    least = least is null || Compare(candidate.Times, least.Times) < 0 ? candidate : least;
                }
            }

            return least;
        }

        private double Transfer(int start, int end, int replicas)
        {
            long widest = !options.CountTransfers ? 0 : Math.Max(
                start == 0 ? 0 : segments[start - 1].OutputBytes, end == segments.Count ? 0 : segments[end - 1].OutputBytes);
            return 2.0 * widest / (options.Bandwidth * replicas);
        }

        private bool Fits(int start, int end, int replicas, int machines)
        {
            double copies = Math.Ceiling((options.Machines - machines + replicas) / (double)replicas);
            return options.MemoryCap is not long cap
                || copies * (activations[end] - activations[start] + parameters[end] - parameters[start]) <= cap;
        }

        private static double[] Insert(double[] sorted, double value)
        {
            var result = new double[sorted.Length + 1];
            int at = 0;
            while (at < sorted.Length && sorted[at] >= value)
            {
                result[at] = sorted[at];
                at++;
            }

            result[at] = value;
            Array.Copy(sorted, at, result, at + 1, sorted.Length - at);
            return result;
        }

        /// <summary>Slowest first; a division with fewer stages has stages of time 0 in place of the others.</summary>
        private static int Compare(double[] a, double[] b)
        {
            for (int i = 0; i < Math.Max(a.Length, b.Length); i++)
            {
                int order = (i < a.Length ? a[i] : 0).CompareTo(i < b.Length ? b[i] : 0);
                if (order != 0)
                {
                    return order;
                }
            }

            return 0;
        }

        private sealed record Division(double[] Times, ReplicatedStage Last, Division? Before);
    }
}
