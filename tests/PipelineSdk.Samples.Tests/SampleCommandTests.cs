using PipelineSdk.Schedules;
using ResNet.CommandLine;

namespace PipelineSdk.Samples.Tests;

public sealed class SampleCommandTests
{
    [Theory]
    [InlineData("--batch-size 0", "--batch-size takes a whole number from 1 to 50000, not '0'")]
    [InlineData("--batch-size many", "not 'many'")]
    [InlineData("--micro-batch -4", "--micro-batch takes a whole number")]
    [InlineData("--micro-batch 600", "--micro-batch 600 is larger than --batch-size 512")]
    [InlineData("--stages 4", "--stages takes a whole number from 1 to 3")]
    [InlineData("--epochs 0", "--epochs takes a whole number from 1")]
    [InlineData("--steps 99999999999", "--steps takes a whole number of at least 1")]
    [InlineData("--lr 0", "--lr takes a number above 0")]
    [InlineData("--lr NaN", "--lr takes a number above 0")]
    [InlineData("--schedule zigzag", "--schedule: ")]
    [InlineData("--mode dream", "--mode: ")]
    [InlineData("--trace everywhere", "--trace: ")]
    [InlineData("--data /there/is/no/such/folder", "there is no such folder")]
    [InlineData("--mode inference --checkpoint /there/is/no/such/file", "there is no such file")]
    [InlineData("--checkpoint weights", "--checkpoint is for --mode inference")]
    [InlineData("--speed 3", "--speed")]
    public void What_is_out_of_range_is_refused_with_a_message_that_names_it(string arguments, string expected)
    {
        var command = new SampleCommand((_, _) => throw new InvalidOperationException("must not run"));

        var errors = command.Errors(command.Root.Parse(arguments)).ToList();

        Assert.Contains(errors, error => error.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_arrive_as_given()
    {
        var options = await Run("--batch-size 128 --micro-batch 32 --schedule gpipe --stages 3 --steps 7 --lr 0.05 --seed 9 --output out --trace otlp");

        Assert.Equal((128, 32, 3, 7, 0.05, 9), (options.BatchSize, options.MicroBatch, options.Stages, options.Steps, options.LearningRate, options.Seed));
        Assert.Same(PipelineSchedule.GPipe, options.PipelineSchedule);
        Assert.Equal((RunMode.Train, TraceExporter.Otlp, "out"), (options.Mode, options.Trace, options.Output));
    }

    [Fact]
    public async Task Without_a_length_the_run_is_short_and_with_one_it_is_what_was_asked_for()
    {
        var asked = await Run("");
        var whole = await Run("--epochs 3");
        var steps = await Run("--steps 5");
        var part = await Run("--train-images 100");

        Assert.Equal((512, 64), (asked.BatchSize, asked.MicroBatch));
        Assert.NotNull(asked.WithLength().TrainImages);
        Assert.Equal(whole, whole.WithLength());
        Assert.Equal(steps, steps.WithLength());
        Assert.Equal((1, 100), (part.WithLength().Epochs, part.WithLength().TrainImages));
    }

    private static async Task<SampleOptions> Run(string arguments)
    {
        SampleOptions? seen = null;
        var command = new SampleCommand((options, _) =>
        {
            seen = options;
            return Task.FromResult(0);
        });
        var parsed = command.Root.Parse(arguments);
        Assert.Empty(command.Errors(parsed));
        Assert.Equal(0, await parsed.InvokeAsync());
        return seen!;
    }
}
