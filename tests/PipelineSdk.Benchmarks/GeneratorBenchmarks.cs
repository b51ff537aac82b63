using BenchmarkDotNet.Attributes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace PipelineSdk.Benchmarks;

/// <summary>How long the generator takes for a project of a hundred models: at once, and after an edit.</summary>
/// <remarks>
/// Every compilation is new to the generator, so binding what it asks about is part of the time, as it is in an editor. In this process: a
/// project that the harness builds would not find the repository's output folders.
/// </remarks>
[InProcess]
[WarmupCount(5)]
[IterationCount(20)]
[MemoryDiagnoser]
public class GeneratorBenchmarks
{
    private readonly ModelProject project = new();
    private GeneratorDriver warm = ModelProject.NewDriver();
    private CSharpCompilation? next;

    [GlobalSetup]
    public void Warm() => warm = warm.RunGenerators(project.Compilation);

    [IterationSetup(Target = nameof(Cold))]
    public void Renew() => next = project.Fresh();

    [IterationSetup(Target = nameof(EditOfOneForward))]
    public void EditForward() => next = project.EditForward();

    [IterationSetup(Target = nameof(EditElsewhere))]
    public void Edit() => next = project.EditElsewhere();

    [Benchmark]
    public GeneratorDriver Cold() => ModelProject.NewDriver().RunGenerators(next!);

    [Benchmark]
    public GeneratorDriver EditOfOneForward() => warm = warm.RunGenerators(next!);

    [Benchmark]
    public GeneratorDriver EditElsewhere() => warm = warm.RunGenerators(next!);
}
