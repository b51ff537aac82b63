using System.Globalization;
using PipelineSdk.Generators.Model;
using static PipelineSdk.Generators.Emitter.GeneratedFile;

namespace PipelineSdk.Generators.Emitter;

/// <summary>Writes the statements that show the tensors of a collection to a visitor and make a copy with what it leaves there.</summary>
/// <remarks>The collection is copied, because a clone of the boundary shares it.</remarks>
internal sealed class CollectionEmitter
{
    private readonly SourceWriter writer;
    private readonly SlotModel slot;
    private readonly string number;
    private readonly Dictionary<string, int> names = [];

    private CollectionEmitter(SourceWriter writer, SlotModel slot, int index)
        => (this.writer, this.slot, number) = (writer, slot, index.ToString(CultureInfo.InvariantCulture));

    // if (this.skips is not null)
    // {
    //     BoundaryValue.RequireExact<List<Tensor>>("skips", this.skips);
    //     var visited = new List<Tensor>();
    //     foreach (var element in this.skips)
    //     {
    //         elements?.Enter(1, 0, visited.Count);
    //         Tensor? tensor = element;
    //         visitor.Visit(1, ref tensor);
    //         visited.Add(tensor!);
    //     }
    //
    //     this.skips = visited;
    // }
    public static void Emit(SourceWriter writer, SlotModel slot, int index)
    {
        var emitter = new CollectionEmitter(writer, slot, index);
        writer.Line();
        writer.Open($"if (this.{slot.Field} is not null)");
        var copy = emitter.Copy(slot.Collection!, "this." + slot.Field, depth: 0);
        writer.Line($"this.{slot.Field} = {copy};");
        writer.Close();
    }

    private string Visit(ValueModel value, string source, int depth)
    {
        switch (value)
        {
            case TensorModel:
                var tensor = Name("tensor");
                writer.Line($"{Tensor}? {tensor} = {source};");
                writer.Line($"visitor.Visit({number}, ref {tensor});");
                return tensor + value.Sure;
            case CollectionModel collection:
                return IfPresent(value, source, held => Copy(collection, held, depth));
            case ObjectModel whole:
                return IfPresent(value, source, held => Rebuild(whole, held, depth));
            default:
                return source;
        }
    }

    // A value that is never null is visited where it stands; another one inside an if.
    private string IfPresent(ValueModel value, string source, Func<string, string> visit)
    {
        if (!value.Nullable) return visit(source);
        var (result, held) = (Name("rebuilt"), Name("present"));
        writer.Line($"{value.Bare}? {result} = null;");
        writer.Open($"if ({source} is {{ }} {held})");
        writer.Lines($"{result} = {visit(held)};");
        writer.Close();
        writer.Line();
        return result + value.Sure;
    }

    private string Rebuild(ObjectModel whole, string source, int depth)
    {
        if (!whole.IsStruct) Require($"RequireExact<{whole.Recipe.Type}>", source);
        return whole.Recipe.Compose([.. whole.Parts.Select(part => Visit(part.Value, $"{source}.{part.Access}", depth))]);
    }

    private string Copy(CollectionModel collection, string source, int depth)
    {
        if (collection.Kind == CollectionKind.Enumerable) Require($"RequireCollection<{collection.Element.Type}>", source);
        else if (collection.Kind is CollectionKind.List or CollectionKind.Queue or CollectionKind.Stack or CollectionKind.Dictionary)
        {
            Require($"RequireExact<{collection.Bare}>", source);
        }

        var (visited, element) = (Name("visited"), Name("element"));
        var comparer = collection.Kind switch
        {
            CollectionKind.Dictionary => $"{source}.Comparer",
            CollectionKind.Lookup => $"{Contract}.BoundaryValue.ComparerOf({source})",
            _ => "",
        };
        writer.Line($"var {visited} = new {collection.CopyType}({comparer});");
        writer.Open($"foreach (var {element} in {source})");
        var key = collection.HasKeys ? $"{element}.Key" : $"{visited}.Count";
        writer.Line(string.Format(CultureInfo.InvariantCulture, "elements?.Enter({0}, {1}, {2});", number, depth, key));
        var held = Visit(collection.Element, collection.HasKeys ? $"{element}.Value" : element, depth + 1);
        writer.Lines(collection.HasKeys ? $"{visited}.Add({element}.Key, {held});" : $"{visited}.Add({held});");
        writer.Close();
        writer.Line();

        // A stack shows its last element first.
        if (collection.Kind == CollectionKind.Stack) writer.Line($"{visited}.Reverse();");
        return collection.Kind switch
        {
            CollectionKind.Array => $"{visited}.ToArray()",
            CollectionKind.Queue or CollectionKind.Stack => $"new {collection.Bare}({visited})",
            _ => visited,
        };
    }

    private void Require(string check, string source)
        => writer.Line($"{Contract}.BoundaryValue.{check}({Literal(slot.Name)}, {source});");

    // visited, visited2, visited3: inner blocks may not use a name of an outer one again.
    private string Name(string stem)
    {
        names.TryGetValue(stem, out var used);
        names[stem] = used + 1;
        return used == 0 ? stem : stem + (used + 1).ToString(CultureInfo.InvariantCulture);
    }
}
