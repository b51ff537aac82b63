using ResNet.Data;
using ResNet.Metrics;
using ResNet.Model;
using static TorchSharp.torch;

namespace ResNet.Training;

/// <summary>
/// The model as it stands, on the calling thread: what a training loop without a pipeline does. Gradients of micro-batches add up,
/// each weighted by its share of the batch.
/// </summary>
internal sealed class UncutTrainer : ITrainer
{
    private readonly int microBatch;
    private readonly TorchSharp.Modules.CrossEntropyLoss loss = nn.CrossEntropyLoss();

    /// <param name="model">The model; stays the caller's.</param>
    /// <param name="microBatch">Images per forward and backward.</param>
    /// <param name="threads">Threads that libtorch may use inside an operation.</param>
    public UncutTrainer(ResNet20 model, int microBatch, int threads)
    {
        Model = model;
        this.microBatch = microBatch;
        set_num_threads(threads);
    }

    public ResNet20 Model { get; }

    public double Step(Batch batch, CancellationToken cancellationToken)
    {
        double total = 0;
        foreach (var (start, length) in MicroBatches(batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var value = loss.call(Model.call(batch.Images.narrow(0, start, length)), batch.Labels.narrow(0, start, length));
            double share = (double)length / batch.Count;
            (value * share).backward();
            total += value.item<float>() * share;
        }

        return total;
    }

    public double Evaluate(Batch batch, ConfusionMatrix predictions, CancellationToken cancellationToken)
    {
        double total = 0;
        using var noGrad = no_grad();
        foreach (var (start, length) in MicroBatches(batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var labels = batch.Labels.narrow(0, start, length);
            var outputs = Model.call(batch.Images.narrow(0, start, length));
            total += loss.call(outputs, labels).item<float>() * length / batch.Count;
            Predictions.Count(outputs, labels, predictions);
        }

        return total;
    }

    public void Dispose() => loss.Dispose();

    private IEnumerable<(long Start, long Length)> MicroBatches(Batch batch)
    {
        for (long start = 0; start < batch.Count; start += microBatch) yield return (start, Math.Min(microBatch, batch.Count - start));
    }
}
