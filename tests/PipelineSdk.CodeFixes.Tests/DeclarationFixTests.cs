using Microsoft.CodeAnalysis.CodeFixes;
using PipelineSdk.CodeFixes.Tests.Harness;

namespace PipelineSdk.CodeFixes.Tests;

/// <summary>A <c>file</c> that is in the way.</summary>
public sealed class DeclarationFixTests
{
    [Fact]
    public async Task Makes_a_class_that_is_local_to_its_file_internal()
    {
        static string Source(string access) => Models.Class($"[Pipeline]\n{access} sealed partial class",
            "[PipelineStage(0)] private readonly Linear a = Linear(4, 4);", "a.forward(x)");
        var editor = await Editor.Open(Source("file")).ApplyToAllAsync("PSDK0017", FixAllScope.Project);
        Assert.Equal([Source("internal")], await editor.SourcesAsync());
        Assert.Empty(await editor.ProblemsAsync());
    }

    [Fact]
    public async Task Does_not_make_a_class_internal_whose_name_is_taken()
        => Assert.Empty(await Editor.Open(
            Models.Class("[Pipeline]\nfile sealed partial class", "[PipelineStage(0)] private readonly Linear a = Linear(4, 4);", "a.forward(x)"),
            "file class Net { }").OffersAsync("PSDK0017"));
}
