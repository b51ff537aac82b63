using PipelineSdk.Checkpoints;
using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk;

/// <summary>Keeps a training in one file, and goes on from it.</summary>
/// <remarks>
/// The file begins with what <c>model.save</c> writes, so that <c>model.load(path)</c> reads the weights of any checkpoint, without a pipeline. Behind it stand the
/// optimizer's state by the names of parameters, the number of steps, and the state of random numbers. So a training goes on with other stages,
/// workers and schedule than it was saved with, and its numbers are those of one that was never interrupted, bit for bit where they do not depend on these.
/// </remarks>
public static class PipelineCheckpoint
{
    /// <summary>
    /// Writes a checkpoint: beside the file first, then, when the disk has it, in its place. A file that was there stays as it was if anything fails.
    /// </summary>
    /// <param name="pipeline">The pipeline; between two steps.</param>
    /// <param name="path">The file; its folder is made if need be.</param>
    /// <param name="optimizer">The caller's own optimizer, over parameters of the model; null where <see cref="PipelineOptions.Optimizer"/> is set, or to keep no state.</param>
    /// <param name="notes">What else is to be known to go on, such as the epoch.</param>
    /// <exception cref="ArgumentException">There are two optimizers, or the optimizer is of another model.</exception>
    /// <exception cref="InvalidOperationException">A step is running, or gradients are being accumulated, which a checkpoint does not keep.</exception>
    /// <exception cref="NotSupportedException">TorchSharp does not show the optimizer's state.</exception>
    /// <exception cref="ObjectDisposedException">The pipeline or the model has been disposed.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void SaveCheckpoint<TModel>(
        this IPipeline<TModel> pipeline, string path, optim.Optimizer? optimizer = null, IReadOnlyDictionary<string, string>? notes = null)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        var own = Own(pipeline);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        own.Between(() =>
        {
            own.RequireNoAccumulation();
            using var scope = NewDisposeScope();
            var kept = StatesOf(pipeline, optimizer);
            var (groups, states) = kept.Save();
            var generator = get_rng_state().bytes.ToArray();
            var header = new CheckpointHeader
            {
                Info = own.Describe(kept.Kind, notes ?? new Dictionary<string, string>()),
                RandomSteps = own.Progress.RandomSteps,
                Tensors = ModelTensors.Of(pipeline.Model),
                GeneratorBytes = generator.Length,
                GroupBytes = [.. groups.Select(group => group.Length)],
                States = [.. states.Select(entry => new StateEntry(entry.Name, entry.Group, entry.State.Length))],
            };
            CheckpointFile.Write(path, writer => pipeline.Model.save(writer), header, [generator, .. groups, .. states.Select(entry => entry.State)]);
        });
    }

    /// <summary>
    /// Goes on from a checkpoint: weights, buffers, the optimizer's state and settings, the number of steps, and random numbers become those that were saved.
    /// </summary>
    /// <remarks>
    /// The optimizer must be of the same class. Its learning rate is that of the checkpoint; what a learning-rate scheduler counts TorchSharp does
    /// not show: keep in <see cref="CheckpointInfo.Notes"/> how often it has stepped, and make it before loading, with that number less one as its <c>last_epoch</c>. A scheduler
    /// changes the rate when it is made; loading puts it right.
    /// </remarks>
    /// <param name="pipeline">A pipeline of the same model class, with any stages, workers and schedule; between two steps.</param>
    /// <param name="path">The file.</param>
    /// <param name="optimizer">The caller's own optimizer; null where <see cref="PipelineOptions.Optimizer"/> is set, or none is used.</param>
    /// <returns>What the checkpoint says of its training.</returns>
    /// <exception cref="CheckpointException">The file is damaged, or of another model or optimizer; nothing has been changed.</exception>
    /// <exception cref="InvalidOperationException">A step is running, or gradients are being accumulated.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <inheritdoc cref="SaveCheckpoint" path="/exception"/>
    public static CheckpointInfo LoadCheckpoint<TModel>(this IPipeline<TModel> pipeline, string path, optim.Optimizer? optimizer = null)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        var own = Own(pipeline);
        CheckpointInfo? info = null;
        own.Between(() =>
        {
            own.RequireNoAccumulation();
            info = Load(own, path, StatesOf(pipeline, optimizer));
        });
        return info!;
    }

    /// <summary>Checks that a checkpoint is whole, and says what it is of.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">The file is damaged or no checkpoint.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static CheckpointInfo Read(string path)
    {
        var (file, section) = CheckpointFile.Open(path);
        using var reader = new BinaryReader(file);
        return CheckpointFile.ReadHeader(path, reader, section).Info;
    }

    private static CheckpointInfo Load<TModel>(Pipeline<TModel> pipeline, string path, OptimizerStates states)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        using var scope = NewDisposeScope();
        var (file, section) = CheckpointFile.Open(path);
        using var reader = new BinaryReader(file);
        var header = CheckpointFile.ReadHeader(path, reader, section);
        var generator = reader.ReadBytes(header.GeneratorBytes);
        List<byte[]> groups = [.. header.GroupBytes.Select(reader.ReadBytes)];
        var saved = header.States.ToDictionary(entry => entry.Name, entry => (entry.Group, reader.ReadBytes(checked((int)entry.Bytes))));

        // Everything is read and compared before anything is changed.
        ModelTensors.RequireSame(path, header.Info.Model, header.Tensors, ModelTensors.Of(pipeline.Model));
        if (states.Difference(header.Info.Optimizer, groups, saved) is { } difference) throw new CheckpointException(path, difference);
        file.Position = 0;
        var tensors = ModelTensors.Read(reader, header.Tensors.Length);

        ModelTensors.Apply(pipeline.Model, tensors);
        states.Load(groups, saved);
        set_rng_state(tensor(generator));
        pipeline.Progress = new PipelineProgress(header.Info.Step, header.Info.Seed, header.RandomSteps);
        return header.Info;
    }

    private static OptimizerStates StatesOf<TModel>(IPipeline<TModel> pipeline, optim.Optimizer? optimizer)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        if (optimizer is not null && pipeline.Optimizers.Count > 0)
            throw new ArgumentException("PipelineOptions.Optimizer is set, so the pipeline has optimizers of its own: give none.", nameof(optimizer));
        return new OptimizerStates(pipeline.Model, optimizer is null ? pipeline.Optimizers : [optimizer], Own(pipeline).OptimizedParameters);
    }

    private static Pipeline<TModel> Own<TModel>(IPipeline<TModel> pipeline)
        where TModel : nn.Module, IPipelineModel<TModel>
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return pipeline as Pipeline<TModel> ?? throw new NotSupportedException($"{pipeline.GetType().Name} is no pipeline of Pipeline.Create or AddPipeline.");
    }
}
