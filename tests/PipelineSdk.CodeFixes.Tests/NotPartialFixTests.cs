using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Tests.Harness;

namespace PipelineSdk.CodeFixes.Tests;

public sealed class NotPartialFixTests
{
    private const string Id = "PSDK0001";
    private const string Member = "[PipelineStage(0)] private readonly Linear a = Linear(4, 4);";

    [Fact]
    public async Task Adds_partial_as_the_last_modifier_and_nothing_else()
    {
        var editor = await Editor.Open(Models.Class("/// <summary>A net.</summary>\n[Pipeline]\npublic /* not derived */ sealed  class", Member, "a.forward(x)"))
            .ApplyAsync(Id, "Make 'Net' partial");
        Assert.Equal(
            [Models.Class("/// <summary>A net.</summary>\n[Pipeline]\npublic /* not derived */ sealed  partial class", Member, "a.forward(x)")],
            await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Makes_every_kind_of_type_around_it_partial_in_one_go()
    {
        static string Nested(string partial) => $$"""
            public readonly ref {{partial}}struct A
            {
                internal abstract {{partial}}record B(int Size)
                {
                    public {{partial}}record struct C
                    {
                        internal {{partial}}interface ID
                        {
                            {{Models.Class($"[Pipeline] sealed {partial}class", Member, "a.forward(x)").Replace("\n", "\n                ", StringComparison.Ordinal)}}
                        }
                    }
                }
            }
            """;
        var editor = Editor.Open(Nested(""));
        var ids = (await editor.DiagnosticsAsync()).Select(found => found.Diagnostic).ToList();
        Assert.Equal(5, ids.Count(diagnostic => diagnostic.Id == Id));

        var innermost = ids.FindIndex(diagnostic => diagnostic.GetMessage(null).StartsWith("'Net'", StringComparison.Ordinal));
        editor = await editor.ApplyAsync(Id, "Make 'Net' and the types around it partial", innermost);
        Assert.Equal([Nested("partial ")], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Makes_every_declaration_partial_also_in_other_files()
    {
        var editor = Editor.Open(Models.Class("[Pipeline]\npublic class", Member, "a.forward(x)"), "public class Net\n{\n    public int Size => 1;\n}\n");
        editor = await editor.ApplyAsync(Id, "Make 'Net' partial");
        Assert.Equal(
            [Models.Class("[Pipeline]\npublic partial class", Member, "a.forward(x)"), "public partial class Net\n{\n    public int Size => 1;\n}\n"],
            await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Theory]
    [InlineData(FixAllScope.Document, 3)]
    [InlineData(FixAllScope.Project, 1)]
    [InlineData(FixAllScope.Solution, 0)]
    public async Task Repairs_all_of_a_scope_and_shared_outer_types_once(FixAllScope scope, int left)
    {
        // In the first document two classes share an outer type; one more class in the project and one in the solution.
        var shared = "static class Outer\n{\n"
            + Models.Class("[Pipeline]\npublic class", Member, "a.forward(x)", "First") + "\n"
            + Models.Class("[Pipeline]\npublic class", Member, "a.forward(x)", "Second") + "\n}";
        var alone = Models.Class("[Pipeline]\nclass", Member, "a.forward(x)", "Third");
        var editor = Editor.OpenProjects([shared, alone, alone.Replace("Third", "Fourth", StringComparison.Ordinal)], [alone]);

        // The shared outer type is reported for each of the two.
        Assert.Equal(7, (await editor.DiagnosticsAsync()).Count(found => found.Diagnostic.Id == Id));

        editor = await editor.ApplyToAllAsync(Id, scope);
        Assert.Equal(left, (await editor.DiagnosticsAsync()).Count(found => found.Diagnostic.Id == Id));
        Assert.Equal(
            shared.Replace("static class", "static partial class", StringComparison.Ordinal)
                .Replace("public class", "public partial class", StringComparison.Ordinal),
            (await editor.SourcesAsync())[0]);
    }
}
