namespace PipelineSdk.Generators.Tests.Diagnostics;

/// <summary>Classes that the generator has something to say about, each with the places where it does.</summary>
internal static class DiagnosticCases
{
    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using PipelineSdk;
        using TorchSharp;
        using TorchSharp.Modules;
        using static TorchSharp.torch;
        using static TorchSharp.torch.nn;

        """;

    /// <summary>Three linear layers <c>a</c>, <c>b</c>, <c>c</c> in the stages 0, 1 and 2, and a forward body.</summary>
    private static string Body(string body, string members = "") => Usings + $$"""
        [Pipeline]
        public sealed partial class Sample : Module<Tensor, Tensor>
        {
            [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
            [PipelineStage(1)] private readonly Linear b = Linear(4, 4);
            [PipelineStage(2)] private readonly Linear c = Linear(4, 4);
            {{members}}

            public Sample() : base("sample") => RegisterComponents();

            public override Tensor forward(Tensor x)
            {
                {{body}}
            }
        }
        """;

    private const string Many = "[PipelineStages(1, 1, FirstStage = 1)] private readonly Sequential many = Sequential(Linear(4, 4), ReLU());";

    private const string List =
        "[PipelineStages(1, 1, FirstStage = 1)] private readonly ModuleList<Linear> list = ModuleList(Linear(4, 4), Linear(4, 4));";

    /// <summary>A list of two layers in the stages 1 and 2, and a loop over it.</summary>
    private static string Loop(string loop, string members = "") => Body($"x = b.forward(a.forward(x)); {loop} return c.forward(x);", List + members);

    /// <summary>Four linear layers in four stages, or in as many as can be, and what <c>[Pipeline]</c> says of their training.</summary>
    private static string Trained(string arguments, bool pinned = true) => Class($$"""
        [Pipeline({{arguments}})]
        public sealed partial class Sample : Module<Tensor, Tensor>
        {
            {{(pinned ? "[PipelineStages(1, 1, 1, 1)]" : "")}} private readonly Sequential layers = Sequential(Linear(4, 4), Linear(4, 4), Linear(4, 4), Linear(4, 4));
            public Sample() : base("sample") => RegisterComponents();
            public override Tensor forward(Tensor x) => layers.forward(x);
        }
        """);

    /// <summary>Two linear layers and what else the members are, tied by the attributes' arguments.</summary>
    private static string Tied(string attributes, string members = "", string register = "") => Class($$"""
        [Pipeline]
        {{attributes}}
        public sealed partial class Sample : Module<Tensor, Tensor>
        {
            private readonly Linear a = Linear(4, 4);
            private readonly Linear b = Linear(4, 4);
            {{members}}
            public Sample() : base("sample") { {{register}} RegisterComponents(); }
            public override Tensor forward(Tensor x) => b.forward(a.forward(x));
        }
        """);

    private static string Class(string source) => Usings + source;

    public static IReadOnlyList<(string Name, string Source)> All { get; } =
    [
        ("a class that is not partial", Class("""
            [Pipeline]
            public sealed class {|PSDK0001:Sample|} : Module<Tensor, Tensor>
            {
                public Sample() : base("sample") { }
                public override Tensor forward(Tensor x) => x;
            }
            """)),
        ("an enclosing type that is not partial", Class("""
            public static class {|PSDK0001:Outer|}
            {
                [Pipeline]
                public sealed partial class Sample : Module<Tensor, Tensor>
                {
                    public Sample() : base("sample") { }
                    public override Tensor forward(Tensor x) => x;
                }
            }
            """)),
        ("a class that is no module", Class("""
            [Pipeline]
            public sealed partial class {|PSDK0002:Sample|}
            {
            }
            """)),
        ("a plain module without forward", Class("""
            [Pipeline]
            public sealed partial class {|PSDK0002:Sample|} : Module
            {
                public Sample() : base("sample") { }
            }
            """)),
        ("a record", Class("""
            [Pipeline]
            public sealed partial record {|PSDK0002:Sample|}(int Size);
            """)),
        ("a class whose base overrides forward", Class("""
            public class Base : Module<Tensor, Tensor>
            {
                public Base() : base("sample") { }
                public override Tensor forward(Tensor x) => x;
            }

            [Pipeline]
            public sealed partial class {|PSDK0003:Sample|} : Base
            {
            }
            """)),
        ("an abstract forward", Class("""
            [Pipeline]
            public abstract partial class {|PSDK0003:Sample|} : Module<Tensor, Tensor>
            {
                protected Sample() : base("sample") { }
                public abstract override Tensor forward(Tensor x);
            }
            """)),
        ("stages that do not begin at 0", Class("""
            [Pipeline]
            public sealed partial class Sample : Module<Tensor, Tensor>
            {
                [{|PSDK0004:PipelineStage(1)|}] private readonly Linear a = Linear(4, 4);
                public Sample() : base("sample") { }
                public override Tensor forward(Tensor x) => a.forward(x);
            }
            """)),
        ("a gap in the stages", Body("return d.forward(c.forward(b.forward(a.forward(x))));", """
            [{|PSDK0004:PipelineStage(4)|}] private readonly Linear d = Linear(4, 4);
            """)),
        ("a negative stage", Body("return d.forward(c.forward(b.forward(a.forward(x))));", """
            [{|PSDK0004:PipelineStage(-1)|}] private readonly Linear d = Linear(4, 4);
            """)),
        ("a gap because the only member of a stage is never used", Class("""
            [Pipeline]
            public sealed partial class Sample : Module<Tensor, Tensor>
            {
                [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
                [PipelineStage(1)] private readonly Linear {|PSDK0016:b|} = Linear(4, 4);
                [{|PSDK0004:PipelineStage(2)|}] private readonly Linear c = Linear(4, 4);
                public Sample() : base("sample") { }
                public override Tensor forward(Tensor x) => c.forward(a.forward(x));
            }
            """)),
        ("an unplaced layer in two stages", Body("""
            x = shared.forward(a.forward(x));
            x = {|PSDK0005:shared|}.forward(b.forward(x));
            return c.forward(x);
            """, "private readonly Linear shared = Linear(4, 4);")),
        ("an unplaced parameter in two stages", Body("""
            x = weight * a.forward(x);
            x = {|PSDK0005:weight|} * b.forward(x);
            return c.forward(x);
            """, "private readonly Parameter weight = new(torch.ones(4));")),
        ("a placed layer used again in a later stage", Body("""
            x = b.forward(a.forward(x));
            return {|PSDK0005:a|}.forward(x) + c.forward(x);
            """)),
        ("counts that are refused leave no gap", Body("return d.forward(c.forward(b.forward(a.forward(x))));", """
            [{|PSDK0012:PipelineStages(1, 1, FirstStage = 3)|}] private readonly Linear d = Linear(4, 4);
            [PipelineStage(5)] private readonly Linear {|PSDK0016:e|} = Linear(4, 4);
            """)),
        ("a layer of an earlier stage after one of a later", Body("""
            x = a.forward(x);
            x = c.forward(x);
            return {|PSDK0006:b|}.forward(x);
            """)),
        ("a later stage evaluated before an earlier one in the same expression", Body("""
            x = a.forward(x);
            return c.forward(x) + {|PSDK0006:b|}.forward(x);
            """)),
        ("a layer of an earlier stage around one of a later", Body("""
            x = a.forward(x);
            return c.forward({|PSDK0006:b|}.forward(other.forward(x)));
            """, "[PipelineStage(2)] private readonly Linear other = Linear(4, 4);")),
        ("overlapping ranges of split Sequentials", Body("return c.forward({|PSDK0006:second|}.forward(first.forward(b.forward(a.forward(x)))));", """
            [PipelineStages(1, 1, FirstStage = 1)] private readonly Sequential first = Sequential(Linear(4, 4), ReLU());
            [PipelineStages(1, 1, FirstStage = 1)] private readonly Sequential second = Sequential(Linear(4, 4), ReLU());
            """)),
        ("a cut inside an if", Body("""
            x = a.forward(x);
            if (x.shape[0] > 1)
            {
                x = b.forward(x);
                x = {|PSDK0007:c|}.forward(x);
            }

            return x;
            """)),
        ("a cut inside a foreach", Body("""
            foreach (var i in new[] { 1, 2 }) x = {|PSDK0007:b|}.forward(a.forward(x));
            return c.forward(x);
            """)),
        ("a cut inside a conditional expression", Body("""
            x = a.forward(x);
            return x.shape[0] > 1 ? b.forward(x) : {|PSDK0007:c|}.forward(x);
            """)),
        ("a cut inside a lambda", Body("""
            x = a.forward(x);
            var all = new[] { x }.Select(t => {|PSDK0007:c|}.forward(b.forward(t))).ToList();
            return all[0];
            """)),
        ("a cut inside a helper", Body("""
            x = a.forward(x);
            return {|PSDK0007:Rest|}(x);
            """, "private Tensor Rest(Tensor x) => c.forward(b.forward(x));")),
        ("a cut inside a using block", Body("""
            using (new System.IO.MemoryStream())
            {
                x = a.forward(x);
                x = {|PSDK0007:b|}.forward(x);
            }

            return c.forward(x);
            """)),
        ("a split Sequential inside a loop", Body("""
            x = b.forward(a.forward(x));
            for (var i = 0; i < 2; i++) x = {|PSDK0013:many|}.forward(x);
            return c.forward(x);
            """, "[PipelineStages(1, 1, FirstStage = 1)] private readonly Sequential many = Sequential(Linear(4, 4), ReLU());")),
        ("a return before the last stage", Body("""
            x = a.forward(x);
            if (x.shape[0] > 1)
            {
                {|PSDK0008:return x;|}
            }

            return c.forward(b.forward(x));
            """)),
        ("a lambda across a cut", Body("""
            Func<Tensor, Tensor> twice = t => t + x;
            x = a.forward(x);
            return c.forward({|PSDK0009:twice|}(b.forward(x)));
            """)),
        ("an object across a cut", Body("""
            object kept = a.forward(x);
            x = b.forward(x);
            return c.forward((Tensor){|PSDK0009:kept|});
            """)),
        ("a class that hides tensors across a cut", Body("""
            var state = new State(a.forward(x));
            x = b.forward({|PSDK0009:state|}.Twice());
            return c.forward(x);
            """, "private sealed class State(Tensor hidden) { public Tensor Twice() => hidden * 2; }")),
        ("an anonymous object across a cut", Body("""
            var sizes = new { Rows = x.shape[0] };
            x = a.forward(x);
            x = b.forward(x).view({|PSDK0009:sizes|}.Rows, -1);
            return c.forward(x);
            """)),
        ("a layer in a local across a cut", Body("""
            Module<Tensor, Tensor> layer = a;
            x = layer.forward(x);
            x = b.forward({|PSDK0009:layer|}.forward(x));
            return c.forward(x);
            """)),
        ("a disposed object across a cut", Body("""
            using var {|PSDK0010:buffer = new System.IO.MemoryStream()|};
            x = b.forward(a.forward(x)) + {|PSDK0009:buffer|}.Length;
            return c.forward(x);
            """)),
        ("a using declaration across a cut", Body("""
            using var {|PSDK0010:buffer = new System.IO.MemoryStream()|};
            return c.forward(b.forward(a.forward(x)));
            """)),
        ("a gradient guard that depends on a variable", Body("""
            var frozen = x.shape[0] > 1;
            using var {|PSDK0010:guard = set_grad_enabled(!frozen)|};
            return c.forward(b.forward(a.forward(x)));
            """)),
        ("counts on something without elements", Body("return c.forward(b.forward(a.forward(x)));", """
            [{|PSDK0012:PipelineStages(1, 1)|}] private readonly Linear d = Linear(4, 4);
            """)),
        ("no counts beside stages", Body("return c.forward(b.forward(d.forward(a.forward(x))));", """
            [{|PSDK0012:PipelineStages()|}] private readonly Sequential d = Sequential(ReLU());
            """)),
        ("a count below 1", Body("return c.forward(b.forward(a.forward(x)));", """
            [{|PSDK0012:PipelineStages(1, 0)|}] private readonly Sequential d = Sequential(ReLU());
            """)),
        ("an element of a split Sequential that has run before", Body("return c.forward({|PSDK0005:many[0]|}.call(many.forward(b.forward(a.forward(x)))));", Many)),
        ("a split Sequential passed on", Body("return c.forward(Run({|PSDK0013:many|}, b.forward(a.forward(x))));", Many + """
            private static Tensor Run(Sequential layers, Tensor x) => layers.forward(x);
            """)),
        ("a split list in a helper", Body("return c.forward({|PSDK0013:Run|}(b.forward(a.forward(x))));", List + """
            private Tensor Run(Tensor x) => list[0].forward(list[1].forward(x));
            """)),
        ("a loop that breaks", Loop("foreach (var layer in {|PSDK0013:list|}) { x = layer.forward(x); if (x.shape[0] > 1) break; }")),
        ("a loop that returns", Loop("foreach (var layer in {|PSDK0013:list|}) { x = layer.forward(x); if (x.shape[0] > 1) return x; }")),
        ("a loop backwards", Loop("for (var i = 1; i >= 0; i--) x = {|PSDK0013:list|}[i].forward(x);")),
        ("a loop in twos", Loop("for (var i = 0; i < 2; i += 2) x = {|PSDK0013:list|}[i].forward(x);")),
        ("a loop whose index is changed", Loop("for (var i = 0; i < 2; i++) { x = {|PSDK0013:list|}[i].forward(x); i = i + 0; }")),
        ("a loop whose bound is changed", Loop("var n = 2; for (var i = 0; i < n; i++) { x = {|PSDK0013:list|}[i].forward(x); n = 2; }")),
        ("a loop that names a neighbour", Loop("for (var i = 0; i < 2; i++) x = list[i].forward({|PSDK0013:list|}[1 - i].forward(x));")),
        ("a loop over a filtered list", Loop("foreach (var layer in {|PSDK0013:list|}.Where(layer => layer.training)) x = layer.forward(x);")),
        ("a while loop", Loop("var i = 0; while (i < 2) x = {|PSDK0013:list|}[i++].forward(x);")),
        ("a loop inside an if", Loop("if (x.shape[0] > 1) { foreach (var layer in {|PSDK0013:list|}) x = layer.forward(x); }")),
        ("a loop over two lists that are split in different ways", Loop(
            "for (var i = 0; i < 2; i++) x = {|PSDK0013:list|}[i].forward({|PSDK0013:other|}[i].forward(x));",
            "[PipelineStages(1, 1)] private readonly ModuleList<Linear> other = ModuleList(Linear(4, 4), Linear(4, 4));")),
        ("a loop over a split list and one in one stage", Loop(
            "for (var i = 0; i < 2; i++) x = {|PSDK0013:list|}[i].forward(other[i].forward(x));",
            "[PipelineStage(1)] private readonly ModuleList<Linear> other = ModuleList(Linear(4, 4), Linear(4, 4));")),
        ("a layer without a stage in a split loop", Loop(
            "foreach (var layer in list) x = {|PSDK0005:norm|}.forward(layer.forward(x));", "private readonly LayerNorm norm = LayerNorm(4);")),
        ("a layer with a stage in a split loop", Loop(
            "foreach (var layer in list) x = {|PSDK0007:norm|}.forward(layer.forward(x));", "[PipelineStage(1)] private readonly LayerNorm norm = LayerNorm(4);")),
        ("a list that the partitioner is to split but can't", Class("""
            [Pipeline]
            public sealed partial class Sample : Module<Tensor, Tensor>
            {
                [PipelineStages] private readonly ModuleList<Linear> list = ModuleList(Linear(4, 4), Linear(4, 4));
                private readonly Linear head = Linear(4, 4);
                public Sample() : base("sample") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in {|PSDK0013:list|})
                    {
                        if (x.shape[0] > 1) break;
                        x = layer.forward(x);
                    }

                    return head.forward(x);
                }
            }
            """)),
        ("a list that the partitioner is to split around a shared layer", Class("""
            [Pipeline]
            public sealed partial class Sample : Module<Tensor, Tensor>
            {
                [PipelineStages] private readonly ModuleList<Linear> list = ModuleList(Linear(4, 4), Linear(4, 4));
                private readonly Linear head = Linear(4, 4);
                public Sample() : base("sample") => RegisterComponents();

                public override Tensor forward(Tensor x)
                {
                    foreach (var layer in {|PSDK0013:list|}) x = head.forward(layer.forward(x));
                    return x;
                }
            }
            """)),
        ("a stage attribute outside a pipeline class", Class("""
            public sealed class Sample : Module<Tensor, Tensor>
            {
                [{|PSDK0014:PipelineStage(0)|}] private readonly Linear a = Linear(4, 4);
                [{|PSDK0014:PipelineStages(1)|}] private readonly Sequential b = Sequential(ReLU());
                public Sample() : base("sample") { }
                public override Tensor forward(Tensor x) => b.forward(a.forward(x));
            }
            """)),
        ("a member placed twice", Body("return c.forward(b.forward(d.forward(a.forward(x))));", """
            [PipelineStage(0), {|PSDK0015:PipelineStages(1)|}] private readonly Sequential d = Sequential(ReLU());
            """)),
        ("a placed member that forward never uses", Body("return c.forward(b.forward(a.forward(x)));", """
            [PipelineStage(2)] private readonly Linear {|PSDK0016:unused|} = Linear(4, 4);
            """)),
        ("an input that hides tensors", Class("""
            public interface IBatch { Tensor Tokens { get; } }

            [Pipeline]
            public sealed partial class Sample : Module<IBatch, Tensor>
            {
                private readonly Linear a = Linear(4, 4);
                public Sample() : base("sample") { }
                public override Tensor forward(IBatch {|PSDK0018:batch|}) => a.forward(batch.Tokens);
            }
            """)),
        ("a result that hides tensors", Class("""
            public abstract record Output(Tensor Logits);
            public sealed record Scores(Tensor Logits) : Output(Logits);

            [Pipeline]
            public sealed partial class Sample : Module<Tensor, Output>
            {
                private readonly Linear a = Linear(4, 4);
                public Sample() : base("sample") { }
                public override {|PSDK0018:Output|} forward(Tensor x) => new Scores(a.forward(x));
            }
            """)),
        ("a goto across a cut", Body("""
            var times = 0;
            again:
            x = a.forward(x);
            x = b.forward(x);
            if (++times < 2) {|PSDK0008:goto again;|}
            return c.forward(x);
            """)),
        ("a local function that uses members of two stages", Body("""
            x = a.forward(x);
            return {|PSDK0007:Rest|}(x);

            Tensor Rest(Tensor t) => c.forward(b.forward(t));
            """)),
        ("a parameter passed to a layer of a later stage", Body("""
            x = a.forward(x) + b.forward({|PSDK0009:weight|});
            return c.forward(x);
            """, "[PipelineStage(0)] private readonly Parameter weight = new(torch.ones(4));")),
        ("a helper type local to its file", Body("return c.forward(b.forward(a.forward({|PSDK0017:Hidden|}.Twice(x))));") + """

            file static class Hidden
            {
                public static Tensor Twice(Tensor x) => x + x;
            }
            """),
        ("a layer held by a primary constructor", Class("""
            [Pipeline]
            public sealed partial class Sample(Linear layer) : Module<Tensor, Tensor>("sample")
            {
                public override Tensor forward(Tensor x) => {|PSDK0017:layer|}.forward(x);
            }
            """)),
        ("a counter written in one stage and read in the next", Body("""
            calls++;
            x = a.forward(x);
            return c.forward(b.forward(x) / {|PSDK0020:calls|});
            """, "private int calls;")),
        ("a property read in a stage before the one that writes it", Body("""
            x = a.forward(x) * this.Scale;
            x = b.forward(x);
            ({|PSDK0020:this.Scale|}, _) = (x.mean().ToDouble(), 0);
            return c.forward(x);
            """, "public double Scale { get; set; } = 1;")),
        ("an element of an array written in two stages, and a field of a struct", Body("""
            counts[0] = 1;
            size.Rows = x.shape[0];
            x = b.forward(a.forward(x));
            {|PSDK0020:counts|}[1]++;
            return c.forward(x).view({|PSDK0020:size|}.Rows, -1);
            """, """
            private readonly int[] counts = new int[2];
            private Size size;
            private struct Size { public long Rows; }
            """)),
        ("state written by a helper method and read through a computed property", Body("""
            Note(x);
            x = b.forward(a.forward(x));
            return c.forward(x).view({|PSDK0020:Rows|}, -1);
            """, """
            private long rows;
            private long Rows => rows;
            private void Note(Tensor x) => Keep(x.shape[0]);
            private void Keep(long value) => rows = value;
            """)),
        ("state written by a local function and by a setter", Body("""
            Note(1);
            x = b.forward(a.forward(x));
            {|PSDK0020:Rows|} = x.shape[0];
            return c.forward(x);

            void Note(long value) => rows = value;
            """, """
            private long rows;
            private long Rows { get => rows; set => rows = value; }
            """)),
        ("state passed by reference in a part of an expression that is hoisted", Body("""
            return c.forward(b.forward(a.forward(Scaled(x, ref calls))) + {|PSDK0020:calls|});
            """, """
            private int calls;
            private static Tensor Scaled(Tensor x, ref int calls) => x * ++calls;
            """)),
        ("an array and a dictionary of layers, and a list of parameters", Class("""
            public abstract class Base : Module<Tensor, Tensor>
            {
                protected readonly Linear[] {|PSDK0021:layers|} = [Linear(4, 4), Linear(4, 4)];
                protected Base() : base("sample") { }
            }

            [Pipeline]
            public sealed partial class Sample : Base
            {
                [PipelineStage(0)] private readonly Linear a = Linear(4, 4);
                private readonly Dictionary<string, Module<Tensor, Tensor>> {|PSDK0021:named|} = new();
                private IReadOnlyList<(string Name, Parameter Weight)> {|PSDK0021:Weights|} { get; } = [];
                private readonly List<Linear> unused = [];

                public Sample()
                {
                    named.Add("first", Linear(4, 4));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x)
                {
                    x = a.forward(x);
                    foreach (var layer in layers) x = layer.forward(x);
                    return named["first"].call(x) * Weights[0].Weight;
                }
            }
            """)),
        ("layers and a parameter assigned after they could be registered", Class("""
            [Pipeline]
            public sealed partial class Sample : Module<Tensor, Tensor>
            {
                [PipelineStage(0)] private readonly Linear a;
                [PipelineStage(1)] private readonly Linear b, c;
                [PipelineStage(1)] private Linear D { get; }
                [PipelineStage(1)] private readonly Parameter weight;

                public Sample(bool wide) : base("sample")
                {
                    a = Linear(4, 4);
                    this.RegisterComponents();
                    if (wide)
                    {
                        {|PSDK0022:this.b = Linear(4, 8)|};
                    }
                    else {|PSDK0022:b = Linear(4, 4)|};

                    (c, _) = (Linear(4, 4), 0);
                    register_module("c", c);
                    {|PSDK0022:D = Linear(4, 4)|};
                    {|PSDK0022:weight = new Parameter(torch.ones(4))|};
                }

                public override Tensor forward(Tensor x) => D.forward(c.forward(b.forward(a.forward(x)))) * weight;
            }
            """)),
        ("members without a stage beside members with one", Body("""
            x = after0.forward(a.forward(x));
            x = b.forward(x) * weight;
            return After2.forward(act.forward(c.forward(act.forward(x))));
            """, """
            private readonly LayerNorm {|PSDK0025:after0|} = LayerNorm(4), unused = LayerNorm(4);
            private Linear {|PSDK0025:After2|} { get; } = Linear(4, 4);
            private readonly Parameter {|PSDK0025:weight|} = new(torch.ones(4));
            private readonly ReLU act = ReLU();
            """)),
        ("dropout in two stages", Body("""
            x = a.forward(x);
            x = b.forward(functional.dropout(x, 0.1, training: false));
            x = {|PSDK0023:functional.dropout|}(x, training: training);
            return dropped.forward(c.forward(x));
            """, "[PipelineStage(2)] private readonly Sequential dropped = Sequential(Linear(4, 4), Dropout(0.1));")),
        ("a dropout layer shared by two stages", Body("""
            x = {|PSDK0023:this.drop|}.forward(a.forward(x));
            return drop.forward(c.forward(b.forward(x)));
            """, "private readonly Dropout drop = Dropout(0.1);")),
        ("batch normalisation as a member", Body("return c.forward(norm2.forward(norm1.forward(b.forward(a.forward(x)))));", """
            private readonly BatchNorm1d unused = BatchNorm1d(4);
            [PipelineStage(1)] private readonly BatchNorm1d {|PSDK0024:norm1|} = BatchNorm1d(4), norm2 = BatchNorm1d(4);
            """)),
        ("batch normalisation inside a Sequential and a block", Class("""
            public sealed class Block : Module<Tensor, Tensor>
            {
                private readonly BatchNorm1d norm = BatchNorm1d(4);
                public Block() : base("block") => RegisterComponents();
                public override Tensor forward(Tensor x) => norm.forward(x);
            }

            [Pipeline]
            public sealed partial class Sample : Module<Tensor, Tensor>
            {
                private readonly Linear first = Linear(4, 4);
                private readonly Sequential {|PSDK0024:second|};
                private readonly ModuleList<Block> third = ModuleList(new Block());

                public Sample() : base("sample")
                {
                    second = Sequential(Linear(4, 4), TorchSharp.torch.nn.BatchNorm1d(4));
                    RegisterComponents();
                }

                public override Tensor forward(Tensor x) => third[0].forward(second.forward(first.forward(x)));
            }

            [Pipeline]
            public sealed partial class Other : Module<Tensor, Tensor>
            {
                private readonly ModuleList<Block> {|PSDK0024:blocks|} = ModuleList(new Block());
                public Other() : base("sample") => RegisterComponents();
                public override Tensor forward(Tensor x) => blocks[0].forward(x);
            }
            """)),
        ("a schedule that there is none of", Trained("""{|PSDK0027:Schedule = "1F1C"|}""")),
        ("a schedule that there is none of, and no micro-batch", Trained("""{|PSDK0027:Schedule = "Gpip"|}, {|PSDK0027:MicroBatches = 0|}""", pinned: false)),
        ("more workers than stages", Trained("{|PSDK0027:Workers = 5|}")),
        ("no worker", Trained("{|PSDK0027:Workers = 0|}, MicroBatches = 4")),
        ("fewer workers than stages without a schedule for it", Trained("""Schedule = "GPipe", {|PSDK0027:Workers = 2|}, MicroBatches = 8""")),
        ("stages that don't divide among the workers", Trained("""Schedule = PipelineSdk.Schedules.ScheduleNames.LoopedBreadthFirst, {|PSDK0027:Workers = 3|}""")),
        ("a V without the workers for it", Trained("""{|PSDK0027:Schedule = "ZB-V"|}""")),
        ("a schedule with too few micro-batches", Trained("""Schedule = "DualPipeV", Workers = 2, {|PSDK0027:MicroBatches = 1|}""")),
        ("combinations that work", Trained("""Schedule = "interleaved-1f1b", Workers = 2, MicroBatches = 7""")),
        ("combinations that may work, in as many stages as will be", Trained("""Schedule = "ZB-V", Workers = 64, MicroBatches = 1000000""", pinned: false)),
        ("a tied weight that is misspelt, and a layer", Tied("""[TiedWeights("a.weight", {|PSDK0030:"b.wieght"|}, {|PSDK0030:"a"|})]""")),
        ("a tied weight of no member", Tied("""[TiedWeights({|PSDK0030:"c.weight"|}, "b.weight")]""")),
        ("a tied weight alone", Tied("""[{|PSDK0030:TiedWeights("a.weight")|}]""")),
        ("a tied weight twice", Tied("""[TiedWeights("a.weight", "b.weight", {|PSDK0030:"a.weight"|})]""")),
        ("a part of a tied parameter", Tied("""[TiedWeights("p", {|PSDK0030:"q.weight"|})]""", "private readonly Parameter p = new(ones(4)), q = new(ones(4));")),
        ("tied weights, several, in a base and under other names", Class("""
            public abstract class Head<T>() : Module<Tensor, Tensor>("head")
            {
                private readonly Linear inner = Linear(4, 4);
                [TorchSharp.Utils.ComponentName(Name = "table")] private readonly Parameter rows = new(ones(4, 4));
                public override Tensor forward(Tensor x) => inner.forward(x);
            }

            [Pipeline]
            [TiedWeights("table", "b.weight"), TiedWeights("inner.weight", "a.weight", "many.0.weight", "any.whatever.weight")]
            public sealed partial class Sample : Head<int>
            {
                private readonly Linear a = Linear(4, 4);
                private readonly Linear b = Linear(4, 4);
                private readonly Sequential many = Sequential(Linear(4, 4));
                private readonly Module<Tensor, Tensor> any = Linear(4, 4);
                public Sample() { RegisterComponents(); }
                public override Tensor forward(Tensor x) => any.forward(many.forward(b.forward(a.forward(x))));
            }
            """)),
        ("tied weights registered by hand", Tied("""[TiedWeights("late.weight", "b.weight")]""", register: "register_module(\"late\", Linear(4, 4));")),
        ("a class local to its file", Class("""
            [Pipeline]
            file sealed partial class {|PSDK0017:Sample|} : Module<Tensor, Tensor>
            {
                public Sample() : base("sample") { }
                public override Tensor forward(Tensor x) => x;
            }
            """)),
    ];
}
