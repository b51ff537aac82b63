using ResNet.Metrics;
using static TorchSharp.torch;

namespace ResNet.Training;

internal static class Predictions
{
    /// <summary>Takes the class with the largest output as the prediction for each image.</summary>
    /// <param name="outputs">Of shape <c>[n, classes]</c>.</param>
    /// <param name="labels">Of shape <c>[n]</c>.</param>
    /// <param name="into">Counts them.</param>
    public static void Count(Tensor outputs, Tensor labels, ConfusionMatrix into)
    {
        using var scope = NewDisposeScope();
        var predicted = outputs.argmax(1).data<long>().ToArray();
        var expected = labels.contiguous().data<long>().ToArray();
        for (int i = 0; i < expected.Length; i++) into.Add(expected[i], predicted[i]);
    }
}
