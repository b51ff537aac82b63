using static System.FormattableString;

namespace PipelineSdk.Schedules;

/// <summary>Reads programs from text: one worker a line, actions between separators.</summary>
internal sealed class ProgramReader
{
    private const int MostDigits = 9;
    private readonly string text;
    private readonly string separators;
    private readonly List<List<PipelineAction>> workers = [];
    private readonly Dictionary<int, (int Worker, int Line)> owners = [];
    private int at;
    private int line = 1;
    private int lineStart;
    private (int Value, int Line, int Column) highestStage;
    private (int Value, int Line, int Column) highestMicroBatch;

    /// <param name="text">The text.</param>
    /// <param name="separators">What stands between actions besides blanks.</param>
    public ProgramReader(string text, string separators)
    {
        this.text = Guard.NotNull(text, nameof(text));
        this.separators = separators;
    }

    private int Column => at - lineStart + 1;

    private char Current => at < text.Length ? text[at] : '\0';

    /// <summary>Reads all lines. Empty lines, and what follows a # in a line, are left out.</summary>
    /// <exception cref="ScheduleFormatException">The text is malformed.</exception>
    public ScheduleProgram Read(string name)
    {
        if (text.Length > 0 && text[0] == '\uFEFF')
        {
            at = lineStart = 1;
        }

        while (at < text.Length)
        {
            ReadLine();
        }

        return Program(name);
    }

    private ScheduleProgram Program(string name)
    {
        long actions = workers.Sum(worker => (long)worker.Count);
        if (actions == 0)
        {
            throw new ScheduleFormatException("There are no actions; write one worker a line, such as 0F0 0B0.", line, Column);
        }

        // Every stage and micro-batch needs a forward, so a number beyond the actions cannot be right; and it would cost memory to find out.
        foreach (var (what, highest) in new[] { ("stage", highestStage), ("micro-batch", highestMicroBatch) })
        {
            if (highest.Value >= actions)
            {
                throw new ScheduleFormatException(
                    Invariant($"There are only {actions} actions in all, too few for {what} {highest.Value}."), highest.Line, highest.Column);
            }
        }

        var workerOfStage = new int[highestStage.Value + 1];
        for (int stage = 0; stage < workerOfStage.Length; stage++)
        {
            workerOfStage[stage] = owners.TryGetValue(stage, out var owner) ? owner.Worker : throw new ScheduleFormatException(
                Invariant($"There is stage {highestStage.Value}, but no action of stage {stage}; stages count from 0 without gaps."),
                highestStage.Line,
                highestStage.Column);
        }

        var shape = new ScheduleShape(workers.Count, workerOfStage.Length, highestMicroBatch.Value + 1);
        return new ScheduleProgram(name, shape, workerOfStage, workers);
    }

    private void ReadLine()
    {
        List<PipelineAction>? actions = null;
        while (at < text.Length && Current is not ('\n' or '\r'))
        {
            if (Current == '#')
            {
                while (at < text.Length && Current is not ('\n' or '\r'))
                {
                    at++;
                }
            }
            else if (Current is ' ' or '\t' || separators.Contains(Current))
            {
                at++;
            }
            else
            {
                actions ??= StartWorker();
                ReadActions(actions);
            }
        }

        at += Current == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;
        line++;
        lineStart = at;
    }

    private List<PipelineAction> StartWorker()
    {
        var actions = new List<PipelineAction>();
        workers.Add(actions);
        return actions;
    }

    /// <summary>Reads one action, or PyTorch's overlapped pair <c>(0F3;7B1)OVERLAP_F_B</c>, whose parts are taken one after the
    /// other.</summary>
    private void ReadActions(List<PipelineAction> actions)
    {
        if (Current != '(')
        {
            actions.Add(ReadAction());
            return;
        }

        at++;
        actions.Add(ReadAction());
        Expect(";");
        actions.Add(ReadAction());
        Expect(")OVERLAP_F_B");
        ExpectEnd();
    }

    private PipelineAction ReadAction()
    {
        bool inner = at > 0 && text[at - 1] is '(' or ';';
        int column = Column;
        int stage = ReadNumber("a stage");
        Raise(ref highestStage, stage, column);
        var kind = Current switch
        {
            'F' => ActionKind.Forward,
            'B' => ActionKind.Backward,
            'I' => ActionKind.InputGradient,
            'W' => ActionKind.WeightGradient,
            'U' => ActionKind.Update,
            _ => throw Fault("the kind of an action, one of F, B, I, W and U"),
        };
        at++;
        column = Column;
        int microBatch = ReadNumber("a micro-batch");
        Raise(ref highestMicroBatch, microBatch, column);
        int version = 0;
        if (Current == '@')
        {
            at++;
            version = ReadNumber("a version of the weights");
        }

        if (!inner)
        {
            ExpectEnd();
        }

        Own(stage);
        return new PipelineAction(stage, kind, microBatch) { WeightVersion = version };
    }

    private void Own(int stage)
    {
        int worker = workers.Count - 1;
        if (!owners.TryGetValue(stage, out var owner))
        {
            owners.Add(stage, (worker, line));
        }
        else if (owner.Worker != worker)
        {
            throw new ScheduleFormatException(
                Invariant($"Stage {stage} is already worker {owner.Worker}'s, in line {owner.Line}; a stage has one worker."), line, Column);
        }
    }

    private void Raise(ref (int Value, int Line, int Column) highest, int value, int column)
    {
        if (value >= highest.Value)
        {
            highest = (value, line, column);
        }
    }

    private int ReadNumber(string what)
    {
        int first = at;
        int value = 0;
        while (Current is >= '0' and <= '9')
        {
            value = at - first < MostDigits
                ? (10 * value) + (Current - '0')
                : throw Fault(what + " of at most nine digits");
            at++;
        }

        return at > first ? value : throw Fault(what + ", a number such as 0");
    }

    private void Expect(string expected)
    {
        foreach (char c in expected)
        {
            if (Current != c)
            {
                throw Fault("'" + expected + "'");
            }

            at++;
        }
    }

    private void ExpectEnd()
    {
        if (at < text.Length && Current is not (' ' or '\t' or '\n' or '\r' or '#') && !separators.Contains(Current))
        {
            throw Fault("a blank after the action");
        }
    }

    private ScheduleFormatException Fault(string expected)
    {
        string found = at >= text.Length ? "the end of the text" : Current is '\n' or '\r' ? "the end of the line" : "'" + Current + "'";
        return new ScheduleFormatException($"Expected {expected}, found {found}.", line, Column);
    }
}
