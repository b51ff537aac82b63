using System.Diagnostics;
using System.Globalization;
using ResNet.Data;
using ResNet.Metrics;

namespace ResNet.Training;

/// <summary>Classifies a whole set, in order, without gradients and with the layers in evaluation mode.</summary>
internal static class Evaluation
{
    public static (double Loss, double Seconds, Scores Scores) Run(
        ITrainer trainer, ImageSet images, int batchSize, CancellationToken cancellationToken, Action<string>? report = null)
    {
        var predictions = new ConfusionMatrix(ImageSet.Classes);
        double loss = 0, seconds = 0;
        trainer.Model.eval();
        foreach (var indices in BatchOrder.InOrder(images.Count, batchSize))
        {
            using var batch = Batch.Of(images, indices);
            var clock = Stopwatch.StartNew();
            loss += trainer.Evaluate(batch, predictions, cancellationToken) * batch.Count / images.Count;
            double elapsed = clock.Elapsed.TotalSeconds;
            seconds += elapsed;
            report?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{batch.Count / elapsed:F0} images/s"));
        }

        return (loss, seconds, predictions.Scores());
    }
}
