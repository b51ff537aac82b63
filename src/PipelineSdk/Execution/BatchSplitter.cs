using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Checks a mini-batch and splits it into micro-batches, on the calling thread.</summary>
internal sealed class BatchSplitter
{
    private readonly string modelName;
    private readonly IReadOnlyList<BoundarySlot> slots;
    private readonly PipelineOptions options;

    public BatchSplitter(string modelName, IReadOnlyList<BoundarySlot> slots, PipelineOptions options)
    {
        this.modelName = modelName;
        this.slots = slots;
        this.options = options;
        foreach (var name in options.ReplicatedInputs)
        {
            if (!slots.Any(slot => IsPartOf(slot, name)))
            {
                throw new ArgumentException(
                    $"PipelineOptions.ReplicatedInputs names '{name}', but {modelName}.forward takes "
                    + $"({string.Join(", ", slots.Select(slot => slot.Name))}).");
            }
        }
    }

    /// <summary>Splits; the result is the caller's to dispose.</summary>
    /// <param name="inputs">The bound arguments of <c>forward</c>; left as they are.</param>
    /// <param name="targets">What the loss compares with; null where only outputs are wanted.</param>
    /// <param name="reduction">How the loss reduces over samples.</param>
    /// <param name="train">Whether gradients follow: then there must be a sample per micro-batch at least.</param>
    /// <param name="device">The device of the model's parameters; null where it has none.</param>
    public MicroBatches Split(Boundary inputs, Tensor? targets, LossReduction reduction, bool train, Device? device)
    {
        var samples = CountSamples(inputs, device);
        if (targets is not null) CheckTargets(targets, samples);
        var batch = new MicroBatches(samples, Sizes(samples, train), reduction);
        using var grad = set_grad_enabled(train);
        try
        {
            var slicer = new Slicer(this, batch);
            var start = 0L;
            for (var i = 0; i < batch.Count; i++)
            {
                batch.Inputs[i] = slicer.Slice(inputs, i, start);
                batch.Targets[i] = targets?.narrow(0, start, batch.Sizes[i]).DetachFromDisposeScope();
                start += batch.Sizes[i];
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    private bool IsSplit(int slot) => !options.ReplicatedInputs.Any(name => IsPartOf(slots[slot], name));

    // A parameter stands for all its parts, as input does for input.Mask.
    private static bool IsPartOf(BoundarySlot slot, string name)
        => slot.Name.StartsWith(name, StringComparison.Ordinal) && (slot.Name.Length == name.Length || slot.Name[name.Length] == '.');

    private List<long> Sizes(long samples, bool train)
    {
        if (options.MicroBatchSize is { } size)
        {
            var sizes = new List<long>();
            for (var start = 0L; start < samples; start += size) sizes.Add(Math.Min(size, samples - start));
            return sizes;
        }

        var count = options.MicroBatches;
        if (train && count > samples)
        {
            throw new ArgumentException(
                $"The mini-batch has {samples} sample(s), too few for {count} micro-batches. Lower PipelineOptions.MicroBatches, set "
                + "PipelineOptions.MicroBatchSize instead, or drop the last short batch.");
        }

        count = (int)Math.Min(count, samples);
        return [.. Enumerable.Range(0, count).Select(i => (samples / count) + (i < samples % count ? 1 : 0))];
    }

    private long CountSamples(Boundary inputs, Device? device)
    {
        var counter = new SampleCounter(this, device);
        inputs.VisitTensors(counter);
        return counter.Samples switch
        {
            null => throw new ArgumentException(
                $"{modelName}.forward got no tensor to split into micro-batches: at least one input must have a batch dimension."),
            0 => throw new ArgumentException($"The mini-batch is empty: input '{counter.Source}' has shape [0, ...]."),
            { } samples => samples,
        };
    }

    private static void CheckTargets(Tensor targets, long samples)
    {
        if (targets.IsInvalid) throw new ObjectDisposedException(nameof(targets), "The targets have been disposed.");
        if (targets.ndim == 0 || targets.shape[0] != samples)
        {
            throw new ArgumentException(
                $"The inputs have {samples} sample(s), but the targets have shape [{string.Join(", ", targets.shape)}]: their first "
                + "dimension must be the same.");
        }
    }

    /// <summary>Checks each tensor and finds the size of the batch.</summary>
    private sealed class SampleCounter(BatchSplitter splitter, Device? device) : IElementVisitor
    {
        private readonly ElementPath path = new();

        public long? Samples { get; private set; }

        public string Source { get; private set; } = "";

        public void Enter(int slot, int depth, object key) => path.Enter(slot, depth, key);

        public void Visit(int slot, ref Tensor? tensor)
        {
            var place = path.Next(slot);
            if (tensor is null) return;
            var name = place.In(splitter.slots);
            var cure = Cure(splitter.slots[slot].Name);
            if (tensor.IsInvalid) throw new ObjectDisposedException(name, $"Input '{name}' of {splitter.modelName}.forward has been disposed.");
            if (device is not null && (tensor.device.type != device.type || tensor.device.index != device.index))
            {
                throw new ArgumentException(
                    $"Input '{name}' is on {tensor.device}, but the parameters of {splitter.modelName} are on {device}. Move one to the other "
                    + "with .to(...).");
            }

            if (!splitter.IsSplit(slot)) return;
            if (tensor.ndim == 0)
            {
                throw new ArgumentException(
                    $"Input '{name}' is a scalar tensor and cannot be split into micro-batches. {cure}");
            }

            if (Samples is null)
            {
                Samples = tensor.shape[0];
                Source = name;
            }
            else if (Samples != tensor.shape[0])
            {
                throw new ArgumentException(
                    $"Input '{name}' has {tensor.shape[0]} row(s), but input '{Source}' has {Samples}. {cure}");
            }
        }

        private static string Cure(string name)
            => $"If every micro-batch needs it whole, add \"{name}\" to PipelineOptions.ReplicatedInputs.";
    }

    /// <summary>Makes the boundary of one micro-batch: slices along the first dimension, owned by whoever takes the boundary.</summary>
    private sealed class Slicer(BatchSplitter splitter, MicroBatches batch) : ITensorVisitor
    {
        private int microBatch;
        private int ordinal;
        private long start;

        public Boundary Slice(Boundary whole, int index, long from)
        {
            (microBatch, start, ordinal) = (index, from, 0);
            var part = whole.Clone();
            part.VisitTensors(this);
            return part;
        }

        public void Visit(int slot, ref Tensor? tensor)
        {
            if (tensor is { } whole)
            {
                var part = Part(whole, slot);
                tensor = part.requires_grad ? Leaf(part) : part;
            }

            ordinal++;
        }

        private Tensor Part(Tensor whole, int slot)
            => (splitter.IsSplit(slot) ? whole.narrow(0, start, batch.Sizes[microBatch]) : whole.alias()).DetachFromDisposeScope();

        /// <summary>The first stage gets a leaf; its gradient goes on to the caller's tensor, through the slice, when the step ends.</summary>
        private Tensor Leaf(Tensor slice)
        {
            batch.InputSlices.Add((microBatch, ordinal, slice));
            return slice.detach().DetachFromDisposeScope().requires_grad_();
        }
    }
}
