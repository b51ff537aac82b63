namespace PipelineSdk.Generators.Parser;

/// <summary>The stage of every member: as the user pinned them, or numbered by first use where nothing is pinned.</summary>
internal sealed class Placement
{
    // Where nothing is pinned: a member, or an element of one of which only elements at constant indices are used.
    private readonly Dictionary<(ModelMember Member, int? Element), int> stages = [];
    private readonly HashSet<ModelMember> indexed = [];
    private readonly HashSet<Division> whole = [];
    private readonly BodyFacts facts;

    private Placement(BodyFacts facts, bool isPinned)
    {
        this.facts = facts;
        IsPinned = isPinned;
    }

    /// <summary>Whether the user chose the stages.</summary>
    public bool IsPinned { get; }

    /// <summary>The stages that the attributes give.</summary>
    public static Placement Pinned(BodyFacts facts) => new(facts, isPinned: true);

    /// <summary>
    /// A stage for every tied member, in the order in which <c>forward</c> comes to use them; members used again later share
    /// one stage with all between.
    /// </summary>
    public static Placement ByFirstUse(BodyFacts facts, Divisions divisions)
    {
        var placement = new Placement(facts, isPinned: false);
        var tied = facts.Members.Where(use => use.Member.IsTied).ToList();
        placement.indexed.UnionWith(tied.GroupBy(use => use.Member).Where(uses => uses.All(use => use.Element >= 0)).Select(uses => uses.Key));
        var next = 0;
        foreach (var use in tied)
        {
            var unit = placement.UnitOf(use);
            if (placement.stages.TryGetValue(unit, out var known)) next = placement.Merge(known, next - 1) + 1;
            else placement.stages[unit] = next++;
        }

        // What is walked in one loop is divided together.
        foreach (var division in divisions.All)
        {
            var own = division.Uses.Where(use => use.Member.IsTied).Select(use => placement.stages[placement.UnitOf(use)]).ToList();
            if (own.Count > 0) placement.Merge(own.Min(), own.Max());
        }

        return placement;
    }

    public StageRange? Of(MemberUse use)
    {
        if (!IsPinned) return stages.TryGetValue(UnitOf(use), out var stage) ? new StageRange(stage, stage) : null;
        if (use.Member is not { Pinned: { } range, Counts: var counts } || counts is null || use.Element is not { } element) return use.Member.Pinned;
        var owner = range.First;
        for (var i = 0; i < counts.Count - 1 && element >= counts[i]; i++, owner++) element -= counts[i];
        return new StageRange(owner, owner);
    }

    /// <summary>Whether a division is made: where the user asks for it, or where nothing is pinned and nothing else is in the way.</summary>
    public bool Divides(Division division)
    {
        if (IsPinned) return division.Members.All(member => member.Pinned is { IsSplit: true }) && division.HasOneSplit;
        if (whole.Contains(division)) return false;
        var members = division.Members;
        if (members.Any(member => !member.IsTied)) return false;
        var stage = stages[(members[0], null)];
        return facts.Members.Where(use => members.Contains(use.Member)).All(division.Uses.Contains)
            && facts.MembersIn(division.Node.Span).Where(use => use.Member.IsTied).All(use => members.Contains(use.Member))
            && stages.All(item => item.Value != stage || members.Contains(item.Key.Member));
    }

    /// <summary>Makes the stages one that a problem says can't be divided, or leaves a loop whole.</summary>
    /// <returns>Whether that changes anything.</returns>
    public bool TryMerge(CutProblem problem)
    {
        if (problem.FirstStage < problem.LastStage) Merge(problem.FirstStage, problem.LastStage);
        else if (problem.Divisions.Where(Divides).ToList() is not { Count: > 0 } divided) return false;
        else whole.UnionWith(divided);
        return true;
    }

    /// <summary>Makes the stages <paramref name="first"/> to <paramref name="last"/> one and numbers the later ones anew.</summary>
    /// <returns>The number of the merged stage.</returns>
    private int Merge(int first, int last)
    {
        foreach (var unit in stages.Keys.ToArray())
        {
            var stage = stages[unit];
            if (stage > first) stages[unit] = stage <= last ? first : stage - (last - first);
        }

        return first;
    }

    private (ModelMember, int?) UnitOf(MemberUse use) => (use.Member, indexed.Contains(use.Member) ? use.Element : null);
}
