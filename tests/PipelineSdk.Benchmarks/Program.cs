using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using PipelineSdk.Benchmarks;

if (args.Contains("--quick"))
{
    QuickRun.Run();
}
else
{
    // Beside everything else that is built.
    var config = DefaultConfig.Instance.WithArtifactsPath(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "benchmarks")));
    BenchmarkSwitcher.FromAssembly(typeof(GeneratorBenchmarks).Assembly).Run(args, config);
}
