using PipelineSdk.Package.Tests.Harness;
using static PipelineSdk.Package.Tests.Harness.ForeignFolder;

namespace PipelineSdk.Package.Tests;

/// <summary>The generator and the package's MSBuild files, in a project that they have something to say about.</summary>
[Collection(PackedFeedGroup.Name)]
public sealed class GeneratorSwitchTests(PackedFeed feed)
{
    [Fact]
    public async Task The_generator_reports_in_the_build_unless_it_is_switched_off_and_a_wrong_set_up_is_named()
    {
        using var folder = new ForeignFolder(feed);
        folder.WriteProject("Wrong", "<TargetFramework>net8.0</TargetFramework>", Packed("PipelineSdk"));
        var source = folder.Copy("Wrong/NotPartial.cs");

        var on = (await folder.Build("Wrong")).Failed();
        Assert.Contains($"{source}(9,21): error PSDK0001: 'NotPartial' must be declared partial", on.Output, StringComparison.Ordinal);

        var neither = (await folder.Build("Wrong", "--no-restore", "-p:PipelineSdkGenerator=disabled")).Failed();
        Assert.Contains("Wrong.csproj : error PSDK0901: PipelineSdkGenerator is 'disabled'", neither.Output, StringComparison.Ordinal);

        var old = (await folder.Build("Wrong", "--no-restore", "-p:CompilerApiVersion=roslyn4.7")).Failed();
        Assert.Contains("Wrong.csproj : error PSDK0902: This project is compiled by Roslyn 4.7", old.Output, StringComparison.Ordinal);

        var unclear = (await folder.Build("Wrong", "--no-restore", "-p:PipelineSdkReportCuts=all")).Failed();
        Assert.Contains("Wrong.csproj : error PSDK0903: PipelineSdkReportCuts is 'all'", unclear.Output, StringComparison.Ordinal);

        // Switched off, the class is an ordinary module, for any compiler.
        var off = await folder.Build("Wrong", "--no-restore", "-p:CompilerApiVersion=roslyn4.7", "-p:PipelineSdkGenerator=false");
        off.Succeeded().WithoutWarning();
    }
    [Fact]
    public async Task What_each_cut_carries_is_told_to_those_who_ask()
    {
        using var folder = new ForeignFolder(feed);
        folder.WriteProject("Models", "<TargetFramework>net8.0</TargetFramework>", Packed("PipelineSdk"));
        var source = folder.Write("Models/Residual.cs", File.ReadAllText(folder.Copy("App/Residual.cs")));

        // Compilers keep information for editors and for their log.
        var log = Path.Combine(folder.Root, "cuts.sarif");
        (await folder.Build("Models", "-p:PipelineSdkReportCuts=true", $"-p:ErrorLog={log}")).Succeeded().WithoutWarning();
        var asked = await File.ReadAllTextAsync(log);
        Assert.Contains("Cut 1 after this statement carries 1 tensor (skip)", asked, StringComparison.Ordinal);
        Assert.Contains("Cut 2 after this statement carries 2 tensors (skip, x)", asked, StringComparison.Ordinal);

        // Whoever wants to see it in a build raises it.
        folder.Write(".editorconfig", "[*.cs]\ndotnet_diagnostic.PSDK0026.severity = warning\n");
        var raised = (await folder.Build("Models", "--no-restore", "-p:PipelineSdkReportCuts=true")).Succeeded();
        Assert.Contains($"{source}(25,9): warning PSDK0026: Cut 1 after", raised.Output, StringComparison.Ordinal);
        Assert.Contains($"{source}(26,9): warning PSDK0026: Cut 2 after", raised.Output, StringComparison.Ordinal);

        (await folder.Build("Models", "--no-restore", "--no-incremental")).Succeeded().WithoutWarning();
    }
}
