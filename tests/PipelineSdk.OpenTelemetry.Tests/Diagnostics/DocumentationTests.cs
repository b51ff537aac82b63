using System.Reflection;
using System.Text.RegularExpressions;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry.Tests.Diagnostics;

public sealed partial class DocumentationTests
{
    [Fact]
    public void The_tables_in_the_docs_name_every_public_name_and_no_other()
    {
        var documented = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "telemetry.md"))
            .TakeWhile(line => line != "## Gantt charts").Select(line => FirstCell().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);

        Assert.Equal(Constants().Order(), documented.Order());
    }

    [Fact]
    public void Names_are_unique_and_keys_follow_the_naming_rules()
    {
        var keys = ConstantsOf(typeof(PipelineAttributes)).ToArray();

        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[a-z]+([._][a-z]+)*$", key));
        Assert.All(keys.Except([PipelineAttributes.ThreadId, PipelineAttributes.ThreadName, PipelineAttributes.ErrorType]),
            key => Assert.StartsWith("pipelinesdk.", key, StringComparison.Ordinal));
    }

    // The source and the meter share their name, and the docs give it once.
    private static IEnumerable<string> Constants() =>
        ConstantsOf(typeof(PipelineSdkDiagnostics)).Concat(ConstantsOf(typeof(PipelineAttributes))).Distinct();

    private static IEnumerable<string> ConstantsOf(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

    [GeneratedRegex(@"^\| `([^`]+)` \|")]
    private static partial Regex FirstCell();
}
