using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Finds an action's place in a program. An action's id counts all actions, worker by worker.</summary>
/// <remarks>Building it proves that every action occurs exactly once, on the worker that owns its stage.</remarks>
internal sealed class ProgramIndex
{
    public const int None = -1;
    private const int Kinds = 5;
    private readonly int[] idOf;
    private readonly int[] start;

    public ProgramIndex(ScheduleProgram program)
    {
        Program = Guard.NotNull(program, nameof(program));
        Stages = program.Shape.Stages;
        MicroBatches = program.Shape.MicroBatches;
        CheckForm();
        start = new int[program.Workers.Count + 1];
        for (int worker = 0; worker < program.Workers.Count; worker++)
        {
            start[worker + 1] = start[worker] + program.Workers[worker].Count;
        }

        Actions = new PipelineAction[start[program.Workers.Count]];
        if ((long)Stages * MicroBatches > Actions.Length)
        {
            throw Missing(FirstMissingForward());
        }

        idOf = new int[checked(Stages * MicroBatches * Kinds)];
        for (int i = 0; i < idOf.Length; i++)
        {
            idOf[i] = None;
        }

        for (int worker = 0; worker < program.Workers.Count; worker++)
        {
            for (int slot = 0; slot < program.Workers[worker].Count; slot++)
            {
                Add(worker, slot, program.Workers[worker][slot]);
            }
        }

        CheckComplete();
    }

    public ScheduleProgram Program { get; }

    public int Stages { get; }

    public int MicroBatches { get; }

    /// <summary>All actions, by id.</summary>
    public PipelineAction[] Actions { get; }

    /// <summary>Whether the program has no backwards at all.</summary>
    public bool ForwardOnly { get; private set; } = true;

    /// <summary>Whether stages step their optimizers within the program.</summary>
    public bool HasUpdates { get; private set; }

    public int FirstOf(int worker) => start[worker];

    public int EndOf(int worker) => start[worker + 1];

    public int WorkerOf(int id) => Program.WorkerOf(Actions[id].Stage);

    public int SlotOf(int id) => id - start[WorkerOf(id)];

    public int Find(int stage, ActionKind kind, int microBatch) =>
        idOf[((((stage * MicroBatches) + microBatch) * Kinds) + (int)kind)];

    /// <summary>The action that yields the gradient of the stage's input: B, or I where the backward is split.</summary>
    public int FindGradient(int stage, int microBatch)
    {
        int whole = Find(stage, ActionKind.Backward, microBatch);
        return whole != None ? whole : Find(stage, ActionKind.InputGradient, microBatch);
    }

    /// <summary>The action that yields the gradients of the stage's weights: B, or W where the backward is split.</summary>
    public int FindWeightGradient(int stage, int microBatch)
    {
        int whole = Find(stage, ActionKind.Backward, microBatch);
        return whole != None ? whole : Find(stage, ActionKind.WeightGradient, microBatch);
    }

    /// <summary>The action of the neighbouring stage whose result this action takes, or <see cref="None"/>.</summary>
    public int InputOf(PipelineAction action) => action.Kind switch
    {
        ActionKind.Forward => action.Stage == 0 ? None : Find(action.Stage - 1, ActionKind.Forward, action.MicroBatch),
        ActionKind.Backward or ActionKind.InputGradient =>
            action.Stage == Stages - 1 ? None : FindGradient(action.Stage + 1, action.MicroBatch),
        _ => None,
    };

    /// <summary>The action of the neighbouring stage that takes this action's result, or <see cref="None"/>.</summary>
    public int ConsumerOf(PipelineAction action) => action.Kind switch
    {
        ActionKind.Forward => action.Stage == Stages - 1 ? None : Find(action.Stage + 1, ActionKind.Forward, action.MicroBatch),
        ActionKind.Backward or ActionKind.InputGradient =>
            action.Stage == 0 ? None : FindGradient(action.Stage - 1, action.MicroBatch),
        _ => None,
    };

    /// <summary>The earlier action of the same stage that this action continues: the forward of a backward, I of W, the gradients
    /// of U.</summary>
    public int OwnInputOf(PipelineAction action) => action.Kind switch
    {
        ActionKind.Backward or ActionKind.InputGradient => Find(action.Stage, ActionKind.Forward, action.MicroBatch),
        ActionKind.WeightGradient => Find(action.Stage, ActionKind.InputGradient, action.MicroBatch),
        ActionKind.Update => FindWeightGradient(action.Stage, action.MicroBatch),
        _ => None,
    };

    public ScheduleException Refuse(ScheduleViolation violation, string reason, PipelineAction? action, params (int Worker, int Slot)[] marks) =>
        new(
            violation,
            Invariant($"The schedule '{Program.ScheduleName}' for {Program.Shape} is wrong: {reason}\n{ScheduleGrid.Render(Program, marks)}"),
            action,
            marks.Length == 0 ? -1 : marks[0].Worker,
            marks.Length == 0 ? -1 : marks[0].Slot,
            Program.ScheduleName);

    private void CheckForm()
    {
        if (Program.Workers.Count != Program.Shape.Workers)
        {
            throw Refuse(
                ScheduleViolation.WrongShape, Invariant($"it has programs for {Program.Workers.Count} workers."), null);
        }

        if (Program.PlacedStages != Stages)
        {
            throw Refuse(
                ScheduleViolation.WrongShape, Invariant($"it names the owner of {Program.PlacedStages} stages."), null);
        }

        for (int stage = 0; stage < Stages; stage++)
        {
            if ((uint)Program.WorkerOf(stage) >= (uint)Program.Shape.Workers)
            {
                throw Refuse(
                    ScheduleViolation.WrongShape,
                    Invariant($"stage {stage} is owned by worker {Program.WorkerOf(stage)}, and there is none of that number."),
                    null);
            }
        }
    }

    private void Add(int worker, int slot, PipelineAction action)
    {
        if ((uint)action.Stage >= (uint)Stages || (uint)action.MicroBatch >= (uint)MicroBatches || (uint)action.Kind >= Kinds)
        {
            throw Refuse(
                ScheduleViolation.UnknownAction,
                Invariant($"worker {worker} runs {action} at slot {slot}, but stages go from 0 to {Stages - 1} and micro-batches from 0 to {MicroBatches - 1}."),
                action,
                (worker, slot));
        }

        int owner = Program.WorkerOf(action.Stage);
        if (owner != worker)
        {
            throw Refuse(
                ScheduleViolation.WrongWorker,
                Invariant($"worker {worker} runs {action} at slot {slot}, but stage {action.Stage} is owned by worker {owner}."),
                action,
                (worker, slot));
        }

        int id = start[worker] + slot;
        ref int place = ref idOf[(((action.Stage * MicroBatches) + action.MicroBatch) * Kinds) + (int)action.Kind];
        if (place != None)
        {
            throw Refuse(
                ScheduleViolation.DuplicateAction,
                Invariant($"worker {worker} runs {action} at slot {slot} again; it ran it at slot {SlotOf(place)} already."),
                action,
                (worker, slot),
                (worker, SlotOf(place)));
        }

        place = id;
        Actions[id] = action;
        ForwardOnly &= action.Kind == ActionKind.Forward;
        HasUpdates |= action.Kind == ActionKind.Update;
    }

    /// <summary>Found without a table of all actions: the shape may be far larger than the program.</summary>
    private PipelineAction FirstMissingForward()
    {
        var forwards = new HashSet<(int Stage, int MicroBatch)>(
            Program.Workers.SelectMany(actions => actions).Where(action => action.Kind == ActionKind.Forward)
                .Select(action => (action.Stage, action.MicroBatch)));
        int stage = 0;
        int microBatch = 0;
        while (forwards.Contains((stage, microBatch)))
        {
            stage += ++microBatch == MicroBatches ? 1 : 0;
            microBatch %= MicroBatches;
        }

        return new PipelineAction(stage, ActionKind.Forward, microBatch);
    }

    private void CheckComplete()
    {
        for (int stage = 0; stage < Stages; stage++)
        {
            for (int microBatch = 0; microBatch < MicroBatches; microBatch++)
            {
                Require(stage, ActionKind.Forward, microBatch);
                if (ForwardOnly)
                {
                    continue;
                }

                int whole = Find(stage, ActionKind.Backward, microBatch);
                if (whole == None)
                {
                    bool split = Find(stage, ActionKind.WeightGradient, microBatch) != None;
                    if (!split && Find(stage, ActionKind.InputGradient, microBatch) == None)
                    {
                        throw Missing(new(stage, ActionKind.Backward, microBatch));
                    }

                    Require(stage, ActionKind.InputGradient, microBatch);
                    Require(stage, ActionKind.WeightGradient, microBatch);
                    continue;
                }

                int part = Find(stage, ActionKind.InputGradient, microBatch);
                part = part != None ? part : Find(stage, ActionKind.WeightGradient, microBatch);
                if (part != None)
                {
                    throw Refuse(
                        ScheduleViolation.DuplicateAction,
                        Invariant($"worker {WorkerOf(part)} runs {Actions[part]} besides {Actions[whole]}, which already contains it."),
                        Actions[part],
                        (WorkerOf(part), SlotOf(part)),
                        (WorkerOf(whole), SlotOf(whole)));
                }
            }
        }
    }

    private void Require(int stage, ActionKind kind, int microBatch)
    {
        if (Find(stage, kind, microBatch) == None)
        {
            throw Missing(new(stage, kind, microBatch));
        }
    }

    private ScheduleException Missing(PipelineAction action) => Refuse(
        ScheduleViolation.MissingAction,
        Invariant($"{action} is missing; worker {Program.WorkerOf(action.Stage)}, which owns stage {action.Stage}, should run it."),
        action,
        (Program.WorkerOf(action.Stage), -1));
}
