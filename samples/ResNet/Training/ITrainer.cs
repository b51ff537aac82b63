using ResNet.Data;
using ResNet.Metrics;
using ResNet.Model;

namespace ResNet.Training;

/// <summary>One way to run the same model: uncut, or through a pipeline.</summary>
internal interface ITrainer : IDisposable
{
    ResNet20 Model { get; }

    /// <summary>Forward and backward of a batch: adds the gradients to the model's parameters.</summary>
    /// <returns>The mean loss of the batch.</returns>
    double Step(Batch batch, CancellationToken cancellationToken);

    /// <summary>Forward only: adds the predictions to the matrix.</summary>
    /// <returns>The mean loss of the batch.</returns>
    double Evaluate(Batch batch, ConfusionMatrix predictions, CancellationToken cancellationToken);
}
