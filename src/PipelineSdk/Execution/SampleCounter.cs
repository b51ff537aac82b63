using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Checks each tensor of the inputs and finds how many samples they hold.</summary>
/// <param name="layout">Which inputs are split, and along which dimension.</param>
/// <param name="device">Where inputs must be; null where they may be anywhere.</param>
/// <param name="of">Whose inputs they are, for errors.</param>
internal sealed class SampleCounter(InputLayout layout, Device? device, string of) : IElementVisitor
{
    private readonly ElementPath path = new();

    public long? Samples { get; private set; }

    public string Source { get; private set; } = "";

    public void Enter(int slot, int depth, object key) => path.Enter(slot, depth, key);

    public void Visit(int slot, ref Tensor? tensor)
    {
        var place = path.Next(slot);
        if (tensor is null) return;
        var name = place.In(layout.Slots);
        var cure = Cure(layout.Slots[slot].Name);
        if (tensor.IsInvalid) throw new ObjectDisposedException(name, $"Input '{name}' of {layout.ModelName}.forward has been disposed.");
        if (device is not null && (tensor.device.type != device.type || tensor.device.index != device.index))
        {
            throw new ArgumentException(
                $"Input '{name}' is on {tensor.device}, but the parameters of {layout.ModelName} are on {device}. Move one to the other "
                + "with .to(...).");
        }

        if (layout.DimensionOf(slot) is not { } dimension) return;
        if (tensor.ndim == 0)
        {
            throw new ArgumentException(
                $"Input '{name}'{of} is a scalar tensor and cannot be split into micro-batches. {cure}");
        }

        if (tensor.ndim <= dimension)
        {
            throw new ArgumentException(
                $"Input '{name}'{of} has shape [{string.Join(", ", tensor.shape)}], but PipelineOptions.BatchDimensions says that dimension {dimension} counts "
                + "its samples.");
        }

        if (Samples is null)
        {
            Samples = tensor.shape[dimension];
            Source = name;
        }
        else if (Samples != tensor.shape[dimension])
        {
            throw new ArgumentException(
                $"Input '{name}'{of} has {tensor.shape[dimension]} row(s), but input '{Source}' has {Samples}. {cure}");
        }
    }

    private static string Cure(string name)
        => $"If every micro-batch needs it whole, add \"{name}\" to PipelineOptions.ReplicatedInputs.";
}
