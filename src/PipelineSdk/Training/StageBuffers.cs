using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>
/// The buffers of a stage, when its forward runs twice: the second run finds them as the first did, and leaves them as it found them at its beginning, so
/// that running statistics and counters count a micro-batch once.
/// </summary>
/// <remarks>
/// While batch normalisation trains, its result does not depend on its running statistics, and with a momentum of 0 it leaves them as they are. That is cheaper than
/// to take and restore them for every micro-batch.
/// </remarks>
/// <param name="modules">The modules, those within others too.</param>
/// <param name="others">Buffers besides theirs.</param>
internal sealed class StageBuffers(IReadOnlyList<nn.Module> modules, IReadOnlyList<Tensor> others)
{
    /// <summary>The values before the first run, of all that its result may depend on.</summary>
    public BufferValues Take()
    {
        var values = new BufferValues();
        foreach (var module in modules)
        {
            if (module is BatchNorm) continue;
            foreach (var buffer in module.buffers(recurse: false)) values.Add(buffer);
        }

        foreach (var buffer in others) values.Add(buffer);
        return values;
    }

    /// <summary>Begins the second run.</summary>
    /// <param name="before">What changed in the first run, as it was before; null where nothing did.</param>
    public SecondRun Begin(BufferValues? before) => new(this, before);

    /// <summary>The second run with its backward: disposing it puts the buffers back.</summary>
    internal sealed class SecondRun : IDisposable
    {
        private readonly List<(BatchNorm Layer, double? Momentum)> paused = [];
        private readonly BufferValues latest;

        public SecondRun(StageBuffers buffers, BufferValues? before)
        {
            latest = buffers.Take();
            foreach (var module in buffers.Modules)
            {
                if (module is not BatchNorm { training: true, track_running_stats: true } norm) continue;
                paused.Add((norm, norm.momentum));
                norm.momentum = 0;
                if (norm.num_batches_tracked is { } count) latest.Add(count);
            }

            before?.Restore();
        }

        /// <summary>The forward is over; layers follow their statistics again.</summary>
        public void EndForward()
        {
            foreach (var (layer, momentum) in paused) layer.momentum = momentum;
            paused.Clear();
        }

        public void Dispose()
        {
            EndForward();
            latest.Restore();
            latest.Dispose();
        }
    }

    private IReadOnlyList<nn.Module> Modules => modules;
}
