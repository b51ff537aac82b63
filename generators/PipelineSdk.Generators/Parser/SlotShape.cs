using PipelineSdk.Generators.Emitter;
using PipelineSdk.Generators.Model;

namespace PipelineSdk.Generators.Parser;

/// <summary>How a value is laid out in a boundary: one slot, or one per part of a tuple or an object.</summary>
internal sealed class SlotShape
{
    private readonly Func<string, string> field;
    private readonly List<SlotLeaf> leaves = [];
    private readonly List<Func<string, string>> checks = [];
    private readonly Func<string, string> compose;

    private SlotShape(string name, ValueModel value, Func<string, string> field)
    {
        this.field = field;
        compose = Add(name, value, "", isGuarded: false);
    }

    /// <summary>The slots, in order.</summary>
    public IReadOnlyList<SlotLeaf> Leaves => leaves;

    /// <param name="name">The variable.</param>
    /// <param name="value">How it is taken apart.</param>
    /// <param name="field">Picks a free field name for a slot.</param>
    public static SlotShape Of(string name, ValueModel value, Func<string, string> field) => new(name, value, field);

    /// <summary>The expression that builds the value from a boundary expression.</summary>
    public string Compose(string boundary) => compose(boundary);

    /// <summary>The statements that take the value of <paramref name="source"/> apart into a boundary.</summary>
    public IEnumerable<string> Stores(string boundary, string source)
        => checks.Select(check => check(source)).Concat(leaves.Select(leaf => $"{boundary}.{leaf.Slot.Field} = {leaf.Read(source)};"));

    // Behind a ?. every value may be null: the object that holds it may be.
    private Func<string, string> Add(string name, ValueModel value, string path, bool isGuarded)
    {
        switch (value)
        {
            case ObjectModel whole:
                return AddObject(name, whole, path, isGuarded);
            case PlainModel plain:
                var fallback = !isGuarded || plain.Nullable ? "" : plain.IsStruct ? " ?? default" : "!";
                var stored = Leaf(new SlotModel(name, Field(name), plain.Type, plain.Display, SlotKind.Value), path, fallback);
                return boundary => $"{boundary}.{stored}";
            default:
                var kind = value is CollectionModel ? SlotKind.TensorCollection
                    : value is NestedModel ? SlotKind.Nested
                    : value.Nullable || isGuarded ? SlotKind.NullableTensor
                    : SlotKind.Tensor;
                var slot = Leaf(new SlotModel(name, Field(name), value.Bare, value.Display, kind, value as CollectionModel), path, "");
                return boundary => $"{boundary}.{slot}{value.Sure}";
        }
    }

    private Func<string, string> AddObject(string name, ObjectModel whole, string path, bool isGuarded)
    {
        if (!whole.IsStruct)
        {
            var check = whole.Nullable || isGuarded ? "RequireExactOrNull" : "RequireExact";
            checks.Add(source => $"{GeneratedFile.Contract}.BoundaryValue.{check}<{whole.Recipe.Type}>({GeneratedFile.Literal(name)}, {source}{path});");
        }

        string? present = null;
        if (whole.Nullable)
        {
            present = Leaf(new SlotModel(name + ".HasValue", Field(name + ".HasValue"), "bool", "bool", SlotKind.Value), path, " is not null");
        }

        var parts = whole.Parts
            .Select(part => Add($"{name}.{part.Name}", part.Value, $"{path}{(whole.Nullable ? "?." : ".")}{part.Access}", isGuarded || whole.Nullable))
            .ToList();
        var absent = whole.IsStruct ? $"default({whole.Type})" : "null" + whole.Sure;
        return boundary =>
        {
            var built = whole.Recipe.Compose([.. parts.Select(part => part(boundary))]);
            return present is null ? built
                : built.Contains('\n') ? $"({boundary}.{present}{RecipeModel.Indent($"? {built}")}{RecipeModel.Indent($": {absent}")})"
                : $"({boundary}.{present} ? {built} : {absent})";
        };
    }

    private string Leaf(SlotModel slot, string path, string suffix)
    {
        leaves.Add(new SlotLeaf(slot, path + suffix));
        return slot.Field;
    }

    private string Field(string name) => field(name.Replace('.', '_'));
}

/// <summary>A slot of a value.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Path">The path from the value to what the slot holds, such as <c>.Item1</c>; no other slot of the value has it.</param>
internal sealed record SlotLeaf(SlotModel Slot, string Path)
{
    /// <summary>What the slot holds, read from an expression for the value.</summary>
    public string Read(string source) => source + Path;
}
