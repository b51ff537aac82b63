using ResNet.CommandLine;
using ResNet.Data;
using ResNet.Model;
using ResNet.Reports;
using ResNet.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Samples.Tests;

public sealed class TrainingTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly DataSet data = SyntheticImages.Create(24, 10, seed: 3, "this is a test");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_model_is_ResNet_20()
    {
        using var model = new ResNet20();
        using var images = zeros(2, 3, 32, 32);
        using var outputs = model.call(images);

        Assert.Equal([2, 10], outputs.shape);
        // 0.27 million in the paper: 269,722 without the two 1x1 shortcuts and their norms, which add 2,752.
        Assert.Equal(269_722 + 2_752, model.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData("gpipe", 1)]
    [InlineData("gpipe", 3)]
    [InlineData("1f1b", 2)]
    [InlineData("1f1b", 3)]
    public void The_pipeline_and_the_uncut_model_have_the_same_losses_weights_and_scores(string schedule, int stages)
    {
        var options = new SampleOptions
        {
            Schedule = schedule,
            Stages = stages,
            ThreadsPerStage = 1,
            BatchSize = 10,
            MicroBatch = 4,
            Epochs = 1,
            LearningRate = 0.05,
        };
        var loop = new TrainingLoop(data, options);
        using var uncut = new ResNet20();
        using var cut = new ResNet20();
        cut.load_state_dict(uncut.state_dict());

        using var sequential = new UncutTrainer(uncut, options.MicroBatch, threads: 1);
        var expected = loop.Run("sequential", sequential, _ => { }, null, default);
        using var pipeline = new PipelineTrainer(cut, options);
        var actual = loop.Run("pipeline", pipeline, _ => { }, null, default);

        Assert.Equal(expected.Steps.Select(step => step.Loss), actual.Steps.Select(step => step.Loss));
        Assert.Equal([10, 10, 4], actual.Steps.Select(step => step.Images));
        Assert.Equal(expected.Scores, actual.Scores);
        AssertSameWeights(uncut, cut);
    }

    [Fact]
    public void Training_ends_at_the_step_asked_for_within_an_epoch()
    {
        var loop = new TrainingLoop(data, new SampleOptions { BatchSize = 10, MicroBatch = 10, Steps = 2 });
        using var model = new ResNet20();
        using var trainer = new UncutTrainer(model, 10, threads: 1);

        var result = loop.Run("sequential", trainer, _ => { }, null, default);

        Assert.Equal(2, result.Steps.Count);
        Assert.Equal(20, Assert.Single(result.Epochs).Images);
    }

    [Fact]
    public void A_checkpoint_comes_back_as_it_was_saved()
    {
        using var saved = new ResNet20();
        using var loaded = new ResNet20();

        Checkpoint.Save(folder["weights"], saved);
        Checkpoint.Load(folder["weights"], loaded);

        AssertSameWeights(saved, loaded);
        Assert.Equal(["weights"], folder.FileNames);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5_000)]
    [InlineData(-1)]
    public void A_checkpoint_cut_off_anywhere_is_an_error_that_names_the_file_and_leaves_it(int length)
    {
        using var model = new ResNet20();
        Checkpoint.Save(folder["weights"], model);
        var bytes = File.ReadAllBytes(folder["weights"]);
        var cut = bytes[..(length < 0 ? bytes.Length + length : length)];
        File.WriteAllBytes(folder["weights"], cut);

        var error = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(folder["weights"], model));

        Assert.Contains(folder["weights"], error.Message, StringComparison.Ordinal);
        Assert.Equal(cut, File.ReadAllBytes(folder["weights"]));
    }

    [Fact]
    public void A_checkpoint_with_something_after_it_is_an_error_that_names_the_file()
    {
        using var model = new ResNet20();
        Checkpoint.Save(folder["weights"], model);
        File.AppendAllText(folder["weights"], "more");

        var error = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(folder["weights"], model));

        Assert.Contains(folder["weights"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluation_counts_every_image_once_whatever_the_batch()
    {
        using var model = new ResNet20();
        using var trainer = new UncutTrainer(model, microBatch: 3, threads: 1);

        var (loss, _, scores) = Evaluation.Run(trainer, data.Test, batchSize: 4, default);
        var (wholeLoss, _, wholeScores) = Evaluation.Run(trainer, data.Test, batchSize: 10, default);

        Assert.Equal(wholeLoss, loss, 5);
        Assert.Equal(wholeScores, scores);
    }

    private static void AssertSameWeights(ResNet20 expected, ResNet20 actual)
    {
        var weights = actual.state_dict();
        foreach (var (name, tensor) in expected.state_dict()) Assert.True(tensor.bytes.SequenceEqual(weights[name].bytes), name);
    }
}
