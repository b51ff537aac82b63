using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using PipelineSdk.Benchmarks;
using PipelineSdk.Benchmarks.Speed;

if (args is ["speed", ..] or [MemoryRow.Argument, ..] or [Lever.Argument, ..])
{
    SpeedRun.Run(args is ["speed", ..] ? args[1..] : args);
}
else if (args.Contains("--quick"))
{
    QuickRun.Run();
}
else if (args.Contains("--telemetry"))
{
    QuickRun.Telemetry();
}
else
{
    // Beside everything else that is built.
    var config = DefaultConfig.Instance.WithArtifactsPath(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "benchmarks")));
    BenchmarkSwitcher.FromAssembly(typeof(GeneratorBenchmarks).Assembly).Run(args, config);
}
