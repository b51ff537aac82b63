using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;
using PipelineSdk.Benchmarks;
using PipelineSdk.Benchmarks.Speed;

switch (args)
{
    case ["speed", .. var rest]:
        return new SpeedCommand(SpeedRun.Run).Root.Parse(rest).Invoke();
    case [OwnProcess.Argument, .. var question]:
        OwnProcess.Answer(question);
        break;
    case ["--quick", ..]:
        QuickRun.Run();
        break;
    case ["--telemetry", ..]:
        QuickRun.Telemetry();
        break;
    default:
        // Beside everything else that is built.
        var config = DefaultConfig.Instance.WithArtifactsPath(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "benchmarks")));
        BenchmarkSwitcher.FromAssembly(typeof(GeneratorBenchmarks).Assembly).Run(args, config);
        break;
}

return 0;
