using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>Which parameters of a model are declared to be one weight, by <see cref="TiedWeightsAttribute"/> on its class and those of its submodules.</summary>
internal sealed class TiedNames
{
    private readonly Dictionary<string, int> groupOf = new(StringComparer.Ordinal);

    private TiedNames(IReadOnlyList<IReadOnlyList<string>> groups)
    {
        Groups = groups;
        for (var i = 0; i < groups.Count; i++)
        {
            foreach (var name in groups[i]) groupOf[name] = i;
        }
    }

    /// <summary>The names that stand in one attribute each, as they are in the model's <c>state_dict</c>.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Groups { get; }

    public static TiedNames Of(nn.Module model) => new([.. model.named_modules().Prepend((name: "", module: model)).SelectMany(
        entry => entry.module.GetType().GetCustomAttributes<TiedWeightsAttribute>(),
        (entry, attribute) => (IReadOnlyList<string>)[.. attribute.Names.Select(name => entry.name.Length == 0 ? name : $"{entry.name}.{name}")])]);

    /// <summary>Whether two names are declared to be one weight.</summary>
    public bool Contains(string first, string second)
        => groupOf.TryGetValue(first, out var group) && groupOf.TryGetValue(second, out var other) && group == other;

    /// <summary>
    /// What must stay in one stage has the same key: parameters over one storage, but for those that are declared tied, which have a gradient each.
    /// Null for a parameter that has been disposed.
    /// </summary>
    public (nint Storage, string? Name)? KeyOf(string name, Parameter parameter)
        => WeightStorage.AddressOf(parameter) is { } storage ? (storage, groupOf.ContainsKey(name) ? name : null) : null;
}
