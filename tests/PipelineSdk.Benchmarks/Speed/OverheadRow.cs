namespace PipelineSdk.Benchmarks.Speed;

/// <summary>A cost of the pipeline itself.</summary>
/// <param name="What">Of what.</param>
/// <param name="Microseconds">Median time.</param>
/// <param name="Bytes">Managed memory allocated; null where it was not measured.</param>
internal sealed record OverheadRow(string What, double Microseconds, double? Bytes = null);
