using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests.Values;

/// <summary>Values that hold tensors cross a cut where the generator sees how to take them apart and rebuild them.</summary>
public sealed class CrossingTests
{
    // Type, declarations, the slots of the cut.
    private static readonly (string Type, string Declarations, string Slots)[] Crosses =
    [
        ("Pair", "public sealed record Pair(Tensor K, Tensor? V);", "K Tensor, V NullableTensor"),
        ("Pair", "public readonly record struct Pair(Tensor K, int Length);", "K Tensor, Length Value"),
        ("Pair", "public struct Pair { public Tensor K; public Tensor V { get; init; } }", "K Tensor, V Tensor"),
        ("Pair", "public sealed class Pair(Tensor k, Tensor? v = null) { public Tensor K { get; } = k; public Tensor? V => v; }", "V NullableTensor, K Tensor"),
        ("Pair", "public sealed class Pair { public required Tensor K { get; init; } internal string? @class; public int? Size { get; set; } }", "K Tensor, class Value, Size Value"),
        ("Pair", "public class Pair { private readonly Tensor k; public Pair(Tensor k, string name = \"\") { this.k = k ?? throw new ArgumentNullException(nameof(k)); } public Tensor K => k; }", "K Tensor"),
        ("Pair", "public class Pair { public Pair(Tensor k, Tensor v) : this() => (K, V) = (k, v); private Pair() { } public Tensor K { get; private set; } = null!; public Tensor V { get; } = null!; }", "K Tensor, V Tensor"),
        ("Pair", "public class Pair { public Tensor K { get; set; } = null!; public long Rows => K.shape[0]; public static Tensor? Shared; }", "K Tensor"),
        ("Pair", "public class Pair { public Pair(Tensor k, IEnumerable<Tensor> rest) { K = k; Rest = (rest); } public Tensor? K { get; } public IEnumerable<Tensor> Rest { get; } }", "K NullableTensor, Rest TensorCollection"),
        ("Wide", "public record Narrow(Tensor X); public sealed record Wide(Tensor X, Tensor Y) : Narrow(X) { public Tensor? Mask { get; init; } }", "X Tensor, Y Tensor, Mask NullableTensor"),
        ("Wide", "public class Narrow(Tensor x) { public virtual Tensor X { get; } = x; } public class Wide : Narrow { public Wide(Tensor x, int n) : base(x) => N = n; public int N { get; } }", "X Tensor, N Value"),
        ("Held<Tensor>", "public sealed record Held<T>(T Value, IReadOnlyList<T> Rest);", "Value Tensor, Rest TensorCollection"),
        ("Outer?", "public sealed record Outer(Inner? Inner, (Tensor A, int B) Pair, string Name, int N); public sealed record Inner(Tensor X, long? Y, Outside Z); public struct Outside { public Tensor T; }", "HasValue Value, Inner.HasValue Value, Inner.X NullableTensor, Inner.Y Value, Inner.Z.T NullableTensor, Pair.A NullableTensor, Pair.B Value, Name Value, N Value"),
        ("(Tensor K, Tensor V)?", "", "HasValue Value, K NullableTensor, V NullableTensor"),
        ("Pair?", "public record struct Pair(Tensor K, (Tensor, Tensor)? Next);", "HasValue Value, K NullableTensor, Next.HasValue Value, Next.Item1 NullableTensor, Next.Item2 NullableTensor"),
        ("KeyValuePair<string, Tensor>", "", "Key Value, Value Tensor"),
        ("Tensor[]", "", " TensorCollection"),
        ("Tensor?[]?", "", " TensorCollection"),
        ("Tensor[]?[]", "", " TensorCollection"),
        ("(Tensor, Tensor)[]", "", " TensorCollection"),
        ("List<Tensor>", "", " TensorCollection"),
        ("List<Tensor?>?", "", " TensorCollection"),
        ("List<(Tensor K, Tensor V)>", "", " TensorCollection"),
        ("List<(Tensor K, Tensor V)?>", "", " TensorCollection"),
        ("List<List<Tensor>?>", "", " TensorCollection"),
        ("IList<Tensor>", "", " TensorCollection"),
        ("ICollection<Tensor>", "", " TensorCollection"),
        ("IReadOnlyList<Tensor>", "", " TensorCollection"),
        ("IReadOnlyCollection<Tensor[]>", "", " TensorCollection"),
        ("Queue<Tensor>", "", " TensorCollection"),
        ("Stack<(Tensor, int)>", "", " TensorCollection"),
        ("Dictionary<string, Tensor>", "", " TensorCollection"),
        ("SortedDictionary<int, Tensor?>", "", " TensorCollection"),
        ("Dictionary<string, List<Tensor>>", "", " TensorCollection"),
        ("IDictionary<string, Tensor>", "", " TensorCollection"),
        ("IReadOnlyDictionary<string, IEnumerable<Tensor>>?", "", " TensorCollection"),
        ("List<Layer>", "public sealed record Layer(Tensor K, Layer2? Inner); public sealed class Layer2 { public Tensor[] V { get; set; } = []; }", " TensorCollection"),
        ("List<Layer?>", "public class Layer { public Tensor? K; public int N; }", " TensorCollection"),
    ];

    // Type, declarations, reason, remedy.
    private static readonly (string Type, string Declarations, string Reason, string Remedy)[] Refuses =
    [
        ("Hidden", "public sealed class Hidden { private Tensor? state; public void Set(Tensor t) => state = t; public Tensor Get() => state!; }",
            "its type Hidden can't be rebuilt: its private field 'state' can't be read from outside",
            "make it a public property that can be set, or hand on the tensors in variables of their own"),
        ("Hidden", "public sealed class Hidden { private int calls; public Tensor X { get; set; } = null!; public int Count() => ++calls; }",
            "its type Hidden can't be rebuilt: its private field 'calls' can't be read from outside",
            "make it a public property that can be set, or hand on the tensors in variables of their own"),
        ("Hidden", "public sealed class Hidden(Tensor mask) { public Tensor Of(Tensor x) => x * mask; }",
            "its type Hidden can't be rebuilt: its constructor keeps 'mask', which can't be read from outside",
            "make it a public property that can be set, or hand on the tensors in variables of their own"),
        ("Fixed", "public sealed class Fixed { public Tensor Mask { get; } = torch.ones(1); }",
            "its type Fixed can't be rebuilt: nothing sets its property 'Mask'",
            "give the constructor a parameter named 'mask', make the property settable, or hand on the tensors in variables of their own"),
        ("Fixed", "public sealed class Fixed { public readonly Tensor Mask = torch.ones(1); }",
            "its type Fixed can't be rebuilt: nothing sets its field 'Mask'",
            "give the constructor a parameter named 'mask', make the field settable, or hand on the tensors in variables of their own"),
        ("Scaled", "public sealed class Scaled(Tensor x) { public Tensor X { get; } = x * 2; }",
            "its type Scaled can't be rebuilt: its constructor changes 'x' before it keeps it as the property 'X', which can't be set",
            "make the property settable, or hand on the tensors in variables of their own"),
        ("Scaled", "public sealed class Scaled { public Scaled(Tensor x, double scale) => X = x; public Tensor X { get; } }",
            "its type Scaled can't be rebuilt: its constructor takes 'scale', which no public property or field of that name and type gives back",
            "add one, or hand on the tensors in variables of their own"),
        ("Made", "public sealed class Made { private Made() { } public static Made New() => new(); public Tensor X { get; set; } = null!; }",
            "its type Made can't be rebuilt: it has no constructor that Sample can call",
            "make a constructor public or internal, or hand on the tensors in variables of their own"),
        ("IState", "public interface IState { Tensor X { get; } }",
            "its type IState is an interface and holds tensors, so that the pipeline can't rebuild it",
            "declare it with its real type, or hand on the tensors in variables of their own"),
        ("State", "public abstract record State(Tensor X);",
            "its type State is abstract and holds tensors, so that the pipeline can't rebuild it",
            "declare it with its real type, or hand on the tensors in variables of their own"),
        ("Called", "public sealed record Called(Tensor X, Func<Tensor, Tensor> Then);",
            "it holds 'Then': it is a delegate, which keeps the variables of its own stage", "call it before the cut and hand on the result"),
        ("Event", "public sealed class Event { public Tensor X = null!; public event Action? Done; public void Fire() => Done?.Invoke(); }",
            "its type Event can't be rebuilt: its event 'Done' can't be read from outside",
            "make it a public property that can be set, or hand on the tensors in variables of their own"),
        ("List<Owner>", "public sealed record Owner(Tensor X, Module<Tensor, Tensor> Layer);",
            "it holds elements: it holds 'Layer': it is a module, which belongs to one stage", "use it in one stage only"),
        ("Node", "public sealed record Node(Tensor X, Node? Next);",
            "it holds 'Next': its type Node? holds another of its kind",
            "hand on the tensors in variables of their own, or in a List<Tensor>"),
        ("Features", "public sealed class Features : List<Tensor> { public Tensor? Last { get; set; } }",
            "its base class List<Tensor> keeps what can't be read from outside",
            "hand on the tensors in variables of their own"),
        ("Twice", "public class Once { public Tensor X { get; set; } = null!; } public sealed class Twice : Once { public new Tensor X { get; set; } = null!; }",
            "its type Twice can't be rebuilt: 'X' of its base class Once is hidden",
            "give the two different names, or hand on the tensors in variables of their own"),
        ("Dictionary<Tensor, int>", "", "the keys of its type Dictionary<Tensor, int> may be null or hold tensors", "use strings or numbers as keys"),
        ("Tensor[,]", "", "its type Tensor[,] holds tensors that the pipeline can't see", "hand on the tensors in variables of their own, or in a List<Tensor>"),
        ("HashSet<Tensor>", "", "its type HashSet<Tensor> holds tensors that the pipeline can't see", "hand on the tensors in variables of their own, or in a List<Tensor>"),
        ("Lazy<Tensor>", "", "its type Lazy<Tensor> holds tensors that the pipeline can't see", "hand on the tensors in variables of their own, or in a List<Tensor>"),
        ("IEnumerable<Tensor>", "", "it may be a query that has not run yet and would run layers of its own stage after the cut", "call ToList() before the cut"),
    ];

    public static TheoryData<int, string> Crossing => Rows(Crosses.Select(item => item.Type));

    public static TheoryData<int, string> Refused => Rows(Refuses.Select(item => item.Type));

    [Theory]
    [MemberData(nameof(Crossing))]
    public void Crosses_a_cut_as_input_and_as_result_without_a_warning(int row, string type)
    {
        var (_, declarations, slots) = Crosses[row];
        var generation = Generation.Of(Model(type, declarations, Asis));
        Assert.True(Problems(generation).Length == 0, Problems(generation));
        var blueprint = Blueprint(generation);
        Assert.Equal(
            [.. Slots("value", slots), .. Slots("value", slots), .. Slots("result", slots)],
            Declared(blueprint).Where(slot => slot.StartsWith("value", StringComparison.Ordinal) || slot.StartsWith("result", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Crossing))]
    public void Crosses_a_cut_without_nullable_annotations(int row, string type)
    {
        var (_, declarations, _) = Crosses[row];
        var source = "#nullable disable\n" + Model(type.Replace("?", "", StringComparison.Ordinal), declarations, Asis)
            .Replace("Tensor?", "Tensor", StringComparison.Ordinal);
        var generation = Generation.Of(source);
        Assert.True(Problems(generation).Length == 0, Problems(generation));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Is_refused_with_the_reason_and_the_way_out(int row, string type)
    {
        var (_, declarations, reason, remedy) = Refuses[row];
        var made = Generation.Of(Model(type, declarations, Made));
        Assert.Equal(
            $"PSDK0009: 'value' is needed after the cut between stage 0 and stage 1, but {reason}: {remedy}",
            Assert.Single(made.Reported.Select(report => $"{report.Id}: {report.GetMessage(null)}")));
        Assert.DoesNotContain(made.CompilerProblems, problem => problem.Severity == Microsoft.CodeAnalysis.DiagnosticSeverity.Error);

        if (reason.Contains("query", StringComparison.Ordinal)) return;
        var given = Generation.Of(Model(type, declarations, Asis));
        Assert.Equal(
            [
                $"PSDK0018: The input 'value' of forward can't be divided into micro-batches, because {reason}: {remedy}",
                $"PSDK0018: The result of forward can't be put together from micro-batches, because {reason}: {remedy}",
            ],
            given.Reported.Select(report => $"{report.Id}: {report.GetMessage(null)}"));
    }

    [Fact]
    public void A_type_of_another_assembly_is_rebuilt_from_what_it_shows()
    {
        var library = Generation.Compile("""
            using TorchSharp;
            public class Narrow { protected Narrow(torch.Tensor x) => X = x; public torch.Tensor X { get; } public long Rows => X.shape[0]; }
            public sealed class Wide : Narrow { public Wide(torch.Tensor x, string name) : base(x) => Name = name; public string Name { get; } public torch.Tensor? Y { get; set; } }
            public sealed class Fixed { public torch.Tensor X { get; } = torch.ones(1); }
            """).WithAssemblyName("Library");
        var image = new System.IO.MemoryStream();
        Assert.True(library.Emit(image).Success);
        var reference = Microsoft.CodeAnalysis.MetadataReference.CreateFromImage(image.ToArray());

        var works = Generation.Of(Generation.Compile(Model("Wide", "", Asis)).AddReferences(reference));
        Assert.True(Problems(works).Length == 0, Problems(works));
        Assert.Contains("new global::Wide(filled.result_X!, filled.result_Name) { Y = filled.result_Y }", Blueprint(works), StringComparison.Ordinal);

        var fails = Generation.Of(Generation.Compile(Model("Fixed", "", Made)).AddReferences(reference));
        Assert.Contains("nothing sets its property 'X'", Assert.Single(fails.Reported).GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_of_a_type_in_another_file_changes_the_cut()
    {
        var model = Model("Pair", "", Asis);
        var before = Generation.Of(model, "public sealed record Pair(TorchSharp.torch.Tensor K);");
        var after = before.Then(Generation.Compile(model, "public sealed record Pair(TorchSharp.torch.Tensor K, TorchSharp.torch.Tensor? V);"));
        Assert.DoesNotContain("value_V", Blueprint(before), StringComparison.Ordinal);
        Assert.Contains("value_V", Blueprint(after), StringComparison.Ordinal);
        Assert.True(Problems(after).Length == 0, Problems(after));
    }

    [Fact]
    public void What_passes_through_and_what_is_mentioned_is_told_apart_by_part()
    {
        var generation = Generation.Of(Model(
            "Pair",
            "public sealed record Pair(Tensor K, Tensor V, Tensor W) { public Tensor Both() => K + V; }",
            """
                public override Tensor forward(Tensor x, Pair value)
                {
                    x = a.forward(x);
                    x = b.forward(x) + value.V.relu();
                    x = c.forward(x);
                    return d.forward(x) + value.Both();
                }
            """).Replace("Module<Tensor, Pair, Pair>", "Module<Tensor, Pair, Tensor>", StringComparison.Ordinal));
        Assert.True(Problems(generation).Length == 0, Problems(generation));
        var blueprint = Blueprint(generation);
        Assert.Equal(
            ["slot is 0", "slot is 0 or 2", "slot is 0", "slot is >= 0 and < 4"],
            blueprint.Split('\n').Where(line => line.Contains("bool Uses", StringComparison.Ordinal))
                .Select(line => line[(line.IndexOf("=>", StringComparison.Ordinal) + 3)..].TrimEnd(';')));
    }

    private const string Asis = """
            public override TYPE forward(Tensor x, TYPE value)
            {
                x = a.forward(x);
                x = b.forward(x);
                return value;
            }
        """;

    private const string Made = """
            public override Tensor forward(Tensor x, long n)
            {
                TYPE value = Make<TYPE>(a.forward(x));
                x = b.forward(x);
                System.GC.KeepAlive(value);
                return x;
            }

            private static T Make<T>(Tensor t) => default!;
        """;

    // Of the compiler's warnings, those that are about the documentation and the annotations of this test's own source don't count.
    private static string Problems(Generation generation) => string.Join("\n", generation.Reported.Concat(generation.CompilerProblems
        .Where(problem => problem.Id is not ("CS1591" or "CS8632"))));

    private static string Blueprint(Generation generation)
        => generation.Files.Single(file => file.Key.EndsWith(".Pipeline.g.cs", StringComparison.Ordinal)).Value;

    private static TheoryData<int, string> Rows(IEnumerable<string> types)
    {
        var rows = new TheoryData<int, string>();
        foreach (var type in types) rows.Add(rows.Count, type);
        return rows;
    }

    private static string Model(string type, string declarations, string forward) => $$"""
        using System;
        using System.Collections.Generic;
        using PipelineSdk;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        {{declarations}}

        [Pipeline]
        public sealed partial class Sample : Module<Tensor, {{(forward == Made ? "long, Tensor" : $"{type}, {type}")}}>
        {
            [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
            [PipelineStage(1)] private readonly Linear b = Linear(4, 4);
        {{(forward.Contains("c.forward", StringComparison.Ordinal) ? "[PipelineStage(2)] private readonly Linear c = Linear(4, 4); [PipelineStage(3)] private readonly Linear d = Linear(4, 4);" : "")}}

            public Sample() : base("sample") => RegisterComponents();

        {{forward.Replace("TYPE", type, StringComparison.Ordinal)}}
        }
        """;

    private static IEnumerable<string> Slots(string name, string slots) => slots.Split(", ")
        .Select(slot => slot.StartsWith(' ') ? name + slot : $"{name}.{slot}");

    private static IEnumerable<string> Declared(string blueprint) => blueprint.Split('\n')
        .Where(line => line.Contains("new global::PipelineSdk.Model.BoundarySlot(", StringComparison.Ordinal))
        .Select(line => $"{line.Split('"')[1]} {line[(line.LastIndexOf('.') + 1)..].TrimEnd(')', ',')}");
}
