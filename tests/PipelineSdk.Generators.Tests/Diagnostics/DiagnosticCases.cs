namespace PipelineSdk.Generators.Tests.Diagnostics;

/// <summary>Classes that can't be cut, each with the places where that is reported.</summary>
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
        ("counts that are refused leave no gap", Body("return d[1].forward(c.forward(b.forward(a.forward(x))));", """
            [{|PSDK0012:PipelineStages(1, 1, FirstStage = 3)|}] private readonly ModuleList<Linear> d = ModuleList(Linear(4, 4), Linear(4, 4));
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
            using (no_grad())
            {
                x = a.forward(x);
                x = {|PSDK0007:b|}.forward(x);
            }

            return c.forward(x);
            """)),
        ("a split Sequential inside a loop", Body("""
            x = b.forward(a.forward(x));
            for (var i = 0; i < 2; i++) x = {|PSDK0007:many|}.forward(x);
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
        ("a class with tensors across a cut", Body("""
            var state = new State(a.forward(x));
            x = b.forward({|PSDK0009:state|}.Hidden);
            return c.forward(x);
            """, "private sealed record State(Tensor Hidden);")),
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
        ("a disposed tensor across a cut", Body("""
            using var h = a.forward(x);
            x = b.forward({|PSDK0009:h|});
            return c.forward(x);
            """)),
        ("a dispose scope across a cut", Body("""
            using var {|PSDK0010:scope = NewDisposeScope()|};
            x = a.forward(x);
            return c.forward(b.forward(x)).MoveToOuterDisposeScope();
            """)),
        ("a gradient guard across a cut", Body("""
            using var {|PSDK0010:guard = no_grad()|};
            return c.forward(b.forward(a.forward(x)));
            """)),
        ("counts on something that is no Sequential", Body("return c.forward(b.forward(a.forward(x)));", """
            [{|PSDK0012:PipelineStages(1, 1)|}] private readonly Linear d = Linear(4, 4);
            """)),
        ("no counts", Body("return c.forward(b.forward(a.forward(x)));", """
            [{|PSDK0012:PipelineStages()|}] private readonly Sequential d = Sequential(ReLU());
            """)),
        ("a count below 1", Body("return c.forward(b.forward(a.forward(x)));", """
            [{|PSDK0012:PipelineStages(1, 0)|}] private readonly Sequential d = Sequential(ReLU());
            """)),
        ("an element of a split Sequential", Body("return c.forward({|PSDK0013:many|}[0].call(many.forward(b.forward(a.forward(x)))));", """
            [PipelineStages(1, 1, FirstStage = 1)] private readonly Sequential many = Sequential(Linear(4, 4), ReLU());
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
            public sealed record Batch(Tensor Tokens, Tensor? Mask);

            [Pipeline]
            public sealed partial class Sample : Module<Batch, Tensor>
            {
                private readonly Linear a = Linear(4, 4);
                public Sample() : base("sample") { }
                public override Tensor forward(Batch {|PSDK0018:batch|}) => a.forward(batch.Tokens);
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
