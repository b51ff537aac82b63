using ResNet.Metrics;

namespace PipelineSdk.Samples.Tests;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Scores_of_a_small_example_are_those_computed_by_hand()
    {
        // Class:      0  1  2
        // precision 2/3  1/2  1     (3, 2 and 1 predicted)
        // recall      1  1/2  1/2   (2 of each)
        // F1        4/5  1/2  2/3
        var matrix = Matrix(3, (0, 0), (0, 0), (1, 1), (1, 0), (2, 2), (2, 1));

        var scores = matrix.Scores();

        Assert.Equal(4.0 / 6, scores.Accuracy, 12);
        Assert.Equal(((2.0 / 3) + 0.5 + 1) / 3, scores.Precision, 12);
        Assert.Equal((1 + 0.5 + 0.5) / 3, scores.Recall, 12);
        Assert.Equal((0.8 + 0.5 + (2.0 / 3)) / 3, scores.F1, 12);
    }

    [Fact]
    public void A_class_that_is_never_predicted_counts_as_zero()
    {
        var scores = Matrix(2, (0, 0), (1, 0)).Scores();

        Assert.Equal(0.25, scores.Precision, 12);
        Assert.Equal(0.5, scores.Recall, 12);
        Assert.Equal((2.0 / 3) / 2, scores.F1, 12);
    }

    [Fact]
    public void A_class_that_is_neither_labelled_nor_predicted_does_not_count()
    {
        Assert.Equal(new Scores(1, 1, 1, 1), Matrix(10, (3, 3), (4, 4)).Scores());
    }

    [Fact]
    public void Without_images_every_score_is_zero()
    {
        Assert.Equal(new Scores(0, 0, 0, 0), new ConfusionMatrix(3).Scores());
    }

    private static ConfusionMatrix Matrix(int classes, params (int Label, int Predicted)[] pairs)
    {
        var matrix = new ConfusionMatrix(classes);
        foreach (var (label, predicted) in pairs) matrix.Add(label, predicted);
        return matrix;
    }
}
