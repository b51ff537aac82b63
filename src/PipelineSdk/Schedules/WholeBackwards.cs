namespace PipelineSdk.Schedules;

/// <summary>Joins the halves of split backwards where splitting them brings nothing.</summary>
/// <remarks>
/// A backward is split so that the gradient of its input is handed back early. The first stage hands none back: where its two halves follow each other, as they
/// all do in ZB-H1, one backward does the same in less time (PyTorch's schedules merge such pairs likewise).
/// </remarks>
internal static class WholeBackwards
{
    /// <summary>The program with every input gradient of the first stage that its weight gradient follows at once replaced by one backward.</summary>
    public static ScheduleProgram Of(ScheduleProgram program)
    {
        var owner = program.WorkerOf(0);
        var actions = program.Workers[owner];
        var joined = new List<PipelineAction>(actions.Count);
        for (var i = 0; i < actions.Count; i++)
        {
            var action = actions[i];
            var isPair = action is { Kind: ActionKind.InputGradient, Stage: 0 } && i + 1 < actions.Count && actions[i + 1] == action with { Kind = ActionKind.WeightGradient };
            joined.Add(isPair ? action with { Kind = ActionKind.Backward } : action);
            if (isPair) i++;
        }

        if (joined.Count == actions.Count) return program;
        return new ScheduleProgram(
            program.ScheduleName, program.Shape, [.. Enumerable.Range(0, program.Shape.Stages).Select(program.WorkerOf)],
            [.. program.Workers.Select((own, worker) => worker == owner ? joined : own)]);
    }
}
