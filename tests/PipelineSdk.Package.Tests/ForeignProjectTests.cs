using System.Globalization;
using PipelineSdk.Package.Tests.Harness;
using static PipelineSdk.Package.Tests.Harness.ForeignFolder;

namespace PipelineSdk.Package.Tests;

/// <summary>A user's projects, outside the repository, with nothing but the packages.</summary>
[Collection(PackedFeedGroup.Name)]
public sealed class ForeignProjectTests(PackedFeed feed)
{
    [Fact]
    public async Task A_library_and_an_application_build_without_a_warning_and_train_as_the_uncut_model_does()
    {
        using var folder = new ForeignFolder(feed);
        using var package = feed.Open("PipelineSdk");
        var examples = PackageReadme.Examples(package);

        // The model of the README in a library for .NET 8, whose language is C# 12.
        folder.WriteProject("Models", "<TargetFramework>net8.0</TargetFramework>", Packed("PipelineSdk"));
        folder.Write("Models/Classifier.cs", examples[0]);

        // Its training loop in an application for .NET 10, which gets PipelineSdk and the generator by way of the telemetry.
        folder.WriteProject(
            "App", "<TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType>", Packed("PipelineSdk.OpenTelemetry"),
            Published("OpenTelemetry.Exporter.Console"), Published("Microsoft.Extensions.DependencyInjection"),
            """<ProjectReference Include="../Models/Models.csproj" />""");
        folder.Write("App/Program.cs", examples[1] + "\nChecks.Run();\n");
        folder.Copy("App/Checks.cs");
        folder.Copy("App/Residual.cs");

        (await folder.Build("App")).Succeeded().WithoutWarning();
        var run = (await folder.Run("App")).Succeeded();

        var losses = run.Output.Split('\n').Where(line => line.StartsWith("step ", StringComparison.Ordinal))
            .Select(line => Number(line.Split("loss ")[1].Split(' ')[0])).ToArray();
        Assert.Equal(10, losses.Length);
        Assert.True(losses[^1] < losses[0], $"the loss went from {losses[0]} to {losses[^1]}");

        Assert.Equal("stem | middle | head", run.ValueOf("stages"));
        Assert.Equal(Number(run.ValueOf("uncut loss")), Number(run.ValueOf("pipeline loss")), 1e-6);
        Assert.InRange(Number(run.ValueOf("gradient difference")), 0, 1e-6 * Number(run.ValueOf("largest gradient")));

        // 3 stages and 4 micro-batches: 12 forwards and 12 backwards below one step.
        Assert.Equal(1, Count(run.Output, "pipeline step"));
        Assert.Equal(12, Count(run.Output, "stage forward"));
        Assert.Equal(12, Count(run.Output, "stage backward"));
    }

    [Fact]
    public async Task A_project_for_a_framework_without_a_library_is_refused_at_restore()
    {
        using var folder = new ForeignFolder(feed);
        folder.Write("Old/Old.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>netstandard2.0</TargetFramework>
              </PropertyGroup>
              <ItemGroup>
                {Packed("PipelineSdk")}
              </ItemGroup>
            </Project>
            """);
        var restore = (await folder.Build("Old", "-t:Restore")).Failed();
        Assert.Contains("NU1202", restore.Output, StringComparison.Ordinal);
        Assert.Contains("net8.0", restore.Output, StringComparison.Ordinal);
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static int Count(string output, string span) =>
        output.Split('\n').Count(line => line.StartsWith("Activity.DisplayName:", StringComparison.Ordinal) && line.EndsWith(" " + span, StringComparison.Ordinal));
}
