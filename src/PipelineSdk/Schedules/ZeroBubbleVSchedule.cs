namespace PipelineSdk.Schedules;

/// <summary>Two stages per worker in the form of a V, with split backwards: no bubble within a worker's span where F, I and W
/// take equal time.</summary>
/// <remarks>
/// <para>Rule: worker r owns stage r (0) and stage 2p-1-r (1). With n = max(2p-1, m) micro-batches it runs: F0, 2(p-r)-1 times;
/// F1 F0, r times; F1 I1 W1, p-r times; while forwards are left F0 I0 W0 F1 I1 W1; I0 I1, r times; I0 W0, p-r times; the W1 that
/// are left; the W0 that are left. Actions of micro-batches from m on are left out.</para>
/// <para>Source: Qi et al., "Zero Bubble Pipeline Parallelism", 2023, section 6; the order is PyTorch's.</para>
/// <para>Closed forms, F the time of both stages of a worker, F = I = W, equal stages, free transfers, m at least 2p-1: span
/// bubble 0, flush bubble (p-1)F/2; 2p forwards in flight on every worker, as much as p of 1F1B. Any m at least 1 works, with a
/// larger bubble.</para>
/// </remarks>
public sealed class ZeroBubbleVSchedule : PipelineSchedule
{
    /// <inheritdoc/>
    public override string Name => "ZB-V";

    /// <inheritdoc/>
    public override string? WhyNot(ScheduleShape shape) => StagePlacement.WhyNotFoldedV(Name, Guard.NotNull(shape, nameof(shape)));

    /// <inheritdoc/>
    public override ScheduleProgram Build(ScheduleShape shape)
    {
        Accept(shape);
        int p = shape.Workers;
        int n = Math.Max((2 * p) - 1, shape.MicroBatches);
        var workers = new PipelineAction[p][];
        for (int r = 0; r < p; r++)
        {
            workers[r] = Worker(r, p, n).ToArray(shape.MicroBatches);
        }

        return new ScheduleProgram(Name, shape, StagePlacement.FoldedV(shape), workers);
    }

    private static ProgramWriter Worker(int r, int p, int n)
    {
        var actions = new ProgramWriter(6 * n);
        int down = r;
        int up = (2 * p) - 1 - r;
        Repeat((2 * (p - r)) - 1, () => actions.Next(down, ActionKind.Forward));
        Repeat(r, () =>
        {
            actions.Next(up, ActionKind.Forward);
            actions.Next(down, ActionKind.Forward);
        });
        Repeat(p - r, () => Whole(up));
        int downForwards = (2 * (p - r)) - 1 + r;
        for (int upForwards = p; upForwards < n; upForwards++)
        {
            if (downForwards < n)
            {
                actions.Next(down, ActionKind.Forward);
                downForwards++;
            }

            Gradients(down);
            Whole(up);
        }

        Repeat(r, () =>
        {
            actions.Next(down, ActionKind.InputGradient);
            actions.Next(up, ActionKind.InputGradient);
        });
        Repeat(p - r, () => Gradients(down));
        Repeat(r, () => actions.Next(up, ActionKind.WeightGradient));
        Repeat(r, () => actions.Next(down, ActionKind.WeightGradient));
        return actions;

        void Gradients(int stage)
        {
            actions.Next(stage, ActionKind.InputGradient);
            actions.Next(stage, ActionKind.WeightGradient);
        }

        void Whole(int stage)
        {
            actions.Next(stage, ActionKind.Forward);
            Gradients(stage);
        }
    }

    private static void Repeat(int times, Action action)
    {
        for (int i = 0; i < times; i++)
        {
            action();
        }
    }
}
