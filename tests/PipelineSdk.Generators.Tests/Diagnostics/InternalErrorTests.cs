using Microsoft.CodeAnalysis;
using PipelineSdk.Generators.Diagnostics;

namespace PipelineSdk.Generators.Tests.Diagnostics;

/// <summary>A defect of the generator is reported as one.</summary>
public sealed class InternalErrorTests
{
    [Fact]
    public void An_exception_becomes_PSDK0999_with_its_type_and_place()
    {
        var reports = new List<Diagnostic>();
        Assert.Null(InternalError.Guard<string>("Net", null, Fail, reports.Add));
        var report = Assert.Single(reports);
        Assert.Equal("PSDK0999", report.Id);
        Assert.StartsWith("The generator failed on 'Net' with FormatException: bad (at ", report.GetMessage(null), StringComparison.Ordinal);
        Assert.Contains(nameof(Fail), report.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void Cancellation_passes_through() => Assert.Throws<OperationCanceledException>(
        () => InternalError.Guard<string>("Net", null, () => throw new OperationCanceledException(), _ => { }));

    private static string Fail() => throw new FormatException("bad");
}
