using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// The Dropout layers of a pipeline. Where the model runs them with <c>call</c>, they draw from a generator of the worker's own, so that segments need not wait for the
/// process's. What they compute is what libtorch computes from the same numbers.
/// </summary>
/// <remarks>
/// A hook before the layer sets its probability to 0, for which libtorch hands the input on and draws nothing; a hook behind it sets it back and drops out. A layer
/// that two stages share is left alone: two threads would set its probability. A hook of the user's own that was there before the pipeline sees what the layer hands on
/// before anything is dropped.
/// </remarks>
internal sealed class DropoutLayers : IDisposable
{
    [ThreadStatic]
    private static DropoutLayers? active;

    [ThreadStatic]
    private static long key;

    [ThreadStatic]
    private static Generator? generator;

    [ThreadStatic]
    private static bool isSeeded;

    [ThreadStatic]
    private static Dropout? entered;

    [ThreadStatic]
    private static double probability;

    private readonly List<Action> removals = [];

    /// <param name="modulesOfStages">The modules of each stage, those within others too.</param>
    public DropoutLayers(IEnumerable<IEnumerable<nn.Module>> modulesOfStages)
    {
        var layers = modulesOfStages.SelectMany(modules => modules.OfType<Dropout>().Distinct(ReferenceEqualityComparer.Instance).Cast<Dropout>());
        foreach (var uses in layers.GroupBy(layer => layer, ReferenceEqualityComparer.Instance))
        {
            if (uses.Count() == 1) Hook(uses.First());
        }
    }

    /// <summary>From now on the layers that the calling thread runs draw the numbers of a key, one after another.</summary>
    public void Enter(long streamKey) => (active, key, isSeeded) = (this, streamKey, false);

    /// <summary>Not any longer.</summary>
    public static void Leave()
    {
        active = null;
        // Left over where the layer threw.
        if (entered is not null) Restore();
    }

    /// <summary>Takes the hooks away. Leaves the layers alone.</summary>
    public void Dispose()
    {
        foreach (var remove in removals) remove();
        removals.Clear();
    }

    private static void Restore()
    {
        entered!.p = probability;
        entered = null;
    }

    private void Hook(Dropout layer)
    {
        var before = layer.register_forward_pre_hook((_, input) =>
        {
            if (ReferenceEquals(active, this) && layer is { training: true, p: > 0 } && input.device.type == TorchSharp.DeviceType.CPU)
            {
                (entered, probability) = (layer, layer.p);
                layer.p = 0;
            }

            return null!;
        });
        var after = layer.register_forward_hook((_, input, output) =>
        {
            if (!ReferenceEquals(entered, layer)) return null!;
            Restore();
            return Drop(input, output, layer.inplace);
        });
        removals.Add(before.remove);
        removals.Add(after.remove);
    }

    private static Tensor Drop(Tensor input, Tensor output, bool inPlace)
    {
        if (output.numel() == 0) return null!;
        using var scale = probability < 1 ? Noise(output) : output.zeros_like();
        // Another handle of the input: what the layer makes in its place must not be disposed together with it.
        if (inPlace) return output.mul_(scale);
        var dropped = output.mul(scale);
        if (!ReferenceEquals(output, input)) output.Dispose();
        return dropped;
    }

    private static Tensor Noise(Tensor input)
    {
        generator ??= new Generator();
        if (!isSeeded) generator.manual_seed(key);
        isSeeded = true;
        var keep = 1 - probability;
        return input.empty_like().bernoulli_(keep, generator).div_(keep);
    }
}
