using Microsoft.CodeAnalysis;

namespace PipelineSdk.Generators.Parser;

/// <summary>The members that the local functions of <c>forward</c> use, which count where the functions are called.</summary>
internal sealed class LocalFunctionMembers
{
    private readonly Dictionary<ISymbol, HashSet<ModelMember>> members = new(SymbolEqualityComparer.Default);
    private readonly List<(ISymbol? Caller, IMethodSymbol Function, SyntaxNode Name, SyntaxNode Anchor)> calls = [];

    /// <summary>Notes what a function uses itself.</summary>
    public void AddMembers(ISymbol function, IEnumerable<ModelMember> used)
    {
        if (!members.TryGetValue(function, out var known)) members[function] = known = [];
        known.UnionWith(used);
    }

    /// <summary>Notes a call, by another local function or (null) by the method's own statements.</summary>
    public void AddCall(ISymbol? caller, IMethodSymbol function, SyntaxNode name, SyntaxNode anchor) => calls.Add((caller, function, name, anchor));

    /// <summary>What the calls in the method's own statements use.</summary>
    public IEnumerable<MemberUse> Uses()
    {
        foreach (var call in calls.Where(call => call.Caller is null))
        {
            foreach (var member in Reachable(call.Function, new HashSet<ISymbol>(SymbolEqualityComparer.Default)).Distinct())
            {
                yield return new MemberUse(member, call.Name, call.Anchor, call.Function.Name);
            }
        }
    }

    private IEnumerable<ModelMember> Reachable(ISymbol function, HashSet<ISymbol> seen)
    {
        if (!seen.Add(function)) yield break;
        if (members.TryGetValue(function, out var own))
        {
            foreach (var member in own) yield return member;
        }

        foreach (var call in calls.Where(call => SymbolEqualityComparer.Default.Equals(call.Caller, function)))
        {
            foreach (var member in Reachable(call.Function, seen)) yield return member;
        }
    }
}
