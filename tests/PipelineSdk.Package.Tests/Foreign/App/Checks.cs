using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PipelineSdk;
using TorchSharp;
using static TorchSharp.torch;

/// <summary>Trains one step uncut and one through a pipeline, and writes what both gave.</summary>
internal static class Checks
{
    public static void Run()
    {
        using var tracing = Sdk.CreateTracerProviderBuilder().AddPipelineSdkInstrumentation().AddConsoleExporter().Build();
        using var services = new ServiceCollection()
            .AddPipeline<Residual>(options => options.MicroBatches = 4)
            .BuildServiceProvider();
        var pipeline = services.GetRequiredService<IPipeline<Residual>>();
        using var loss = nn.CrossEntropyLoss();
        using var images = randn(32, 16);
        using var labels = randn(32, 4).argmax(1);

        using var uncut = loss.call(pipeline.Model.call(images), labels);
        uncut.backward();
        var expected = pipeline.Model.parameters().Select(parameter => parameter.grad!.clone()).ToArray();
        pipeline.Model.zero_grad();

        var step = pipeline.TrainStep(images, labels, loss);
        var difference = pipeline.Model.parameters()
            .Zip(expected, (parameter, gradient) => (parameter.grad! - gradient).abs().max().item<float>()).Max();
        var largest = expected.Max(gradient => gradient.abs().max().item<float>());

        Write("uncut loss", uncut.item<float>());
        Write("pipeline loss", step.Loss);
        Write("gradient difference", difference);
        Write("largest gradient", largest);
        Console.WriteLine("stages: " + string.Join(" | ", pipeline.StageNames));
    }

    private static void Write(string name, double value) => Console.WriteLine($"{name}: {value.ToString("R", CultureInfo.InvariantCulture)}");
}
