using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using Xunit;

namespace PipelineSdk.Tests.Diagnostics;

/// <summary>A step as workers would run it, with delays put in where a test wants them: an executor of its own, apart from the one under test. Times in ticks.</summary>
internal sealed class DelayedRun(ScheduleProgram program, Func<PipelineAction, long> work)
{
    private readonly List<ActionRecord>[] records = [.. program.Workers.Select(_ => new List<ActionRecord>())];
    private readonly Dictionary<PipelineAction, ActionRecord> done = [];
    private readonly HashSet<PipelineAction> all = [.. program.Workers.SelectMany(actions => actions).Select(Plain)];

    /// <summary>What every action works longer.</summary>
    public Func<PipelineAction, long> Slower { get; init; } = _ => 0;

    /// <summary>How long the collector paused each action.</summary>
    public Func<PipelineAction, long> Paused { get; init; } = _ => 0;

    /// <summary>How long each input took from its sender.</summary>
    public Func<PipelineAction, long> Transfer { get; init; } = _ => 0;

    /// <summary>How long each result took to hand over.</summary>
    public Func<PipelineAction, long> HandOver { get; init; } = _ => 0;

    /// <summary>How long each worker took to turn to an action.</summary>
    public Func<PipelineAction, long> Dispatch { get; init; } = _ => 0;

    /// <summary>How long the step went on after the last action.</summary>
    public long Tail { get; init; }

    public StepTimeline Run()
    {
        for (var moved = true; moved;)
        {
            moved = false;
            for (var worker = 0; worker < records.Length; worker++)
            {
                while (records[worker].Count < program.Workers[worker].Count && TryRun(worker, program.Workers[worker][records[worker].Count])) moved = true;
            }
        }

        var actions = records.SelectMany(worker => worker).ToArray();
        Assert.Equal(all.Count, actions.Length);
        return new StepTimeline
        {
            Pipeline = "Net",
            Step = 3,
            Schedule = program.ScheduleName,
            Mode = "train",
            Workers = program.Shape.Workers,
            MicroBatches = program.Shape.MicroBatches,
            StageNames = [.. Enumerable.Range(0, program.Shape.Stages).Select(stage => $"layer{stage}")],
            StartedAt = DateTimeOffset.UnixEpoch,
            Duration = actions.Max(record => record.End) + new TimeSpan(Tail),
            Actions = actions,
        };
    }

    private bool TryRun(int worker, PipelineAction action)
    {
        ActionRecord sent = default;
        var sender = SenderOf(action);
        if (sender is { } sending && !done.TryGetValue(sending, out sent)) return false;
        var turn = (records[worker].Count == 0 ? TimeSpan.Zero : records[worker][^1].End) + new TimeSpan(Dispatch(action));
        var start = sender is null || sent.Worker == worker
            ? turn
            : new TimeSpan(Math.Max(sent.WorkEnd.Ticks, turn.Ticks) + Transfer(action));
        var handing = new TimeSpan(HandOver(action));
        var end = start + new TimeSpan(work(action) + Slower(action)) + handing;
        var record = new ActionRecord(worker, records[worker].Count, action, turn, start, end, Bytes: 0)
        {
            HandOver = handing,
            Paused = new TimeSpan(Paused(action)),
        };
        records[worker].Add(record);
        done.Add(Plain(action), record);
        return true;
    }

    private PipelineAction? SenderOf(PipelineAction action)
    {
        PipelineAction[] candidates = action.Kind switch
        {
            ActionKind.Forward => [Plain(action) with { Stage = action.Stage - 1 }],
            ActionKind.Backward or ActionKind.InputGradient =>
            [
                Plain(action) with { Stage = action.Stage + 1, Kind = ActionKind.Backward },
                Plain(action) with { Stage = action.Stage + 1, Kind = ActionKind.InputGradient },
            ],
            _ => [],
        };
        return candidates.Where(all.Contains).Select(candidate => (PipelineAction?)candidate).FirstOrDefault();
    }

    private static PipelineAction Plain(PipelineAction action) => action with { WeightVersion = 0 };
}
