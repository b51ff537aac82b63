using System.Globalization;
using System.Text;

namespace PipelineSdk;

/// <summary>What the speed of pipelines in this process depends on besides the program, and what could be better. <c>ToString</c> prints it.</summary>
public sealed record EnvironmentReport
{
    /// <summary>The cores that the process may run on.</summary>
    public required int AllowedCores { get; init; }

    /// <summary>The processor time that the process may have, in cores, where a control group limits it (containers); else null.</summary>
    public required double? CpuLimit { get; init; }

    /// <summary>The cores that are shared out between workers: the smaller of the two, at least 1.</summary>
    public required int UsableCores { get; init; }

    /// <summary>Whose <c>malloc</c> the process uses (glibc, jemalloc, tcmalloc, mimalloc, musl); null where it can't be told.</summary>
    public required string? Allocator { get; init; }

    /// <summary>Whether it was told to keep large blocks (<see cref="PipelineOptions.TuneAllocator"/>).</summary>
    public required bool IsAllocatorTuned { get; init; }

    /// <summary>Whether glibc's allocator gets huge pages; null with another one.</summary>
    public required bool? HugePages { get; init; }

    /// <summary>How the OpenBLAS that is loaded runs in parallel (none, pthreads, OpenMP); null where none is loaded.</summary>
    public required string? OpenBlas { get; init; }

    /// <summary>What makes pipelines much slower and only the environment can change, each with its cure.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What would make them somewhat faster, each with how.</summary>
    public required IReadOnlyList<string> Hints { get; init; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"cores      {UsableCores} usable, {AllowedCores} allowed");
        if (CpuLimit is { } limit) text.Append(CultureInfo.InvariantCulture, $", time of {limit:0.##}");
        text.Append('\n').Append(CultureInfo.InvariantCulture, $"allocator  {Allocator ?? "unknown"}{(IsAllocatorTuned ? ", keeps large blocks" : "")}");
        if (HugePages is { } huge) text.Append(huge ? ", huge pages" : ", no huge pages");
        text.Append('\n').Append(CultureInfo.InvariantCulture, $"OpenBLAS   {OpenBlas ?? "not loaded"}");
        foreach (var problem in Problems) text.Append("\nproblem    ").Append(problem);
        foreach (var hint in Hints) text.Append("\nhint       ").Append(hint);
        return text.ToString();
    }
}
