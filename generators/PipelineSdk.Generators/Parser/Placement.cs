namespace PipelineSdk.Generators.Parser;

/// <summary>The stage of every member: as the user pinned them, or numbered by first use where nothing is pinned.</summary>
internal sealed class Placement
{
    private readonly Dictionary<ModelMember, StageRange> stages = [];

    private Placement(bool isPinned) => IsPinned = isPinned;

    /// <summary>Whether the user chose the stages.</summary>
    public bool IsPinned { get; }

    /// <summary>The stages that the attributes give.</summary>
    public static Placement Pinned(MemberTable table)
    {
        var placement = new Placement(isPinned: true);
        foreach (var member in table.All)
        {
            if (member.Pinned is { } range) placement.stages[member] = range;
        }

        return placement;
    }

    /// <summary>
    /// A stage for every tied member, in the order in which <c>forward</c> comes to use them; members used again later share
    /// one stage with all between.
    /// </summary>
    public static Placement ByFirstUse(BodyFacts facts)
    {
        var placement = new Placement(isPinned: false);
        var next = 0;
        foreach (var use in facts.Members.Where(use => use.Member.IsTied))
        {
            if (placement.stages.TryGetValue(use.Member, out var known)) next = placement.Merge(known.First, next - 1) + 1;
            else placement.stages[use.Member] = new StageRange(next, next++);
        }

        return placement;
    }

    public StageRange? Of(ModelMember member) => stages.TryGetValue(member, out var range) ? range : null;

    /// <summary>Makes the stages one that a problem says can't be divided.</summary>
    /// <returns>Whether that changes anything.</returns>
    public bool TryMerge(CutProblem problem)
    {
        if (problem.FirstStage >= problem.LastStage) return false;
        Merge(problem.FirstStage, problem.LastStage);
        return true;
    }

    /// <summary>Makes the stages <paramref name="first"/> to <paramref name="last"/> one and numbers the later ones anew.</summary>
    /// <returns>The number of the merged stage.</returns>
    public int Merge(int first, int last)
    {
        foreach (var member in stages.Keys.ToArray())
        {
            var stage = stages[member].First;
            if (stage <= first) continue;
            stage = stage <= last ? first : stage - (last - first);
            stages[member] = new StageRange(stage, stage);
        }

        return first;
    }
}
