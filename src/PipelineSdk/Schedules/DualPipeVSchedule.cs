using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Two stages per worker in the form of a V; the forward of one runs beside the backward of the other.</summary>
/// <remarks>
/// <para>Rule: worker r owns stage r (0) and stage 2p-1-r (1) and runs, in eight parts: F0, 2(p-r-1) times; F0 F1, r+1 times; I1
/// W F1, p-r-1 times; F0 B1 F1 B0, m-2p+r+1 times; B1 F1 B0, p-r-1 times; B1 B0, r+1 times, the later half split; W I0, p-r-1
/// times; the W that are left. The F and B of parts four and five may overlap on hardware that can; here they follow one
/// another.</para>
/// <para>Source: DeepSeek-AI, "DeepSeek-V3 Technical Report", 2024, section 3.2.1 (DualPipe); the V form is Sea AI Lab's
/// "cut-in-half" of it, 2025, in the order of DeepSeek's DualPipe repository and of PyTorch.</para>
/// <para>Closed forms, F, I and W the times of both stages of a worker, F = I = W, equal stages, free transfers, without overlap:
/// flush bubble (p-1)(F+I-W)/2; 2p+1 forwards in flight. Defined for m at least 2p.</para>
/// </remarks>
public sealed class DualPipeVSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "DualPipeV";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) =>
        StagePlacement.WhyNotFoldedV(Name, Guard.NotNull(shape, nameof(shape)))
        ?? (shape.MicroBatches >= shape.Stages ? null : Invariant(
            $"{Name} needs at least as many micro-batches as stages, {shape.Stages}, but there are {shape.MicroBatches}."));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        var workers = new PipelineAction[shape.Workers][];
        for (int r = 0; r < shape.Workers; r++)
        {
            workers[r] = new Worker(r, shape).Run();
        }

        return new ScheduleProgram(Name, shape, StagePlacement.FoldedV(shape), workers);
    }

    private sealed class Worker(int r, ScheduleShape shape)
    {
        private readonly ProgramWriter actions = new(6 * shape.MicroBatches);
        private readonly Dictionary<int, int> backwards = [];
        private readonly Queue<(int Stage, int MicroBatch)> weights = new();

        public PipelineAction[] Run()
        {
            int p = shape.Workers;
            int down = r;
            int up = (2 * p) - 1 - r;
            Repeat(2 * (p - r - 1), _ => Forward(down));
            Repeat(r + 1, _ =>
            {
                Forward(down);
                Forward(up);
            });
            Repeat(p - r - 1, _ =>
            {
                Backward(up, split: true);
                Weight();
                Forward(up);
            });
            Repeat(shape.MicroBatches - (2 * p) + r + 1, _ =>
            {
                Forward(down);
                Backward(up, split: false);
                Forward(up);
                Backward(down, split: false);
            });
            Repeat(p - r - 1, _ =>
            {
                Backward(up, split: false);
                Forward(up);
                Backward(down, split: false);
            });

            // The later half is split; with an odd worker the half starts at its first backward, with an even one at its second.
            int half = (r + 1) / 2;
            Repeat(r + 1, i =>
            {
                Backward(up, split: i > half || (i == half && r % 2 == 1));
                Backward(down, split: i >= half);
            });
            Repeat(p - r - 1, _ =>
            {
                Weight();
                Backward(down, split: true);
            });
            Repeat(r + 1, _ => Weight());
            return actions.ToArray();
        }

        private static void Repeat(int times, Action<int> action)
        {
            for (int i = 0; i < times; i++)
            {
                action(i);
            }
        }

        private void Forward(int stage) => actions.Next(stage, ActionKind.Forward);

        private void Backward(int stage, bool split)
        {
            backwards.TryGetValue(stage, out int microBatch);
            backwards[stage] = microBatch + 1;
            actions.Add(stage, split ? ActionKind.InputGradient : ActionKind.Backward, microBatch);
            if (split)
            {
                weights.Enqueue((stage, microBatch));
            }
        }

        private void Weight()
        {
            if (weights.Count > 0)
            {
                var (stage, microBatch) = weights.Dequeue();
                actions.Add(stage, ActionKind.WeightGradient, microBatch);
            }
        }
    }
}
