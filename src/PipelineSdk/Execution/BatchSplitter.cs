using PipelineSdk.Model;
using PipelineSdk.Training;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Checks a mini-batch and splits it into micro-batches, on the calling thread.</summary>
internal sealed class BatchSplitter
{
    private readonly PipelineOptions options;
    private readonly InputLayout layout;

    public BatchSplitter(string modelName, IReadOnlyList<BoundarySlot> slots, PipelineOptions options)
    {
        this.options = options;
        layout = new InputLayout(modelName, slots, options);
    }

    /// <summary>Splits; the result is the caller's to dispose.</summary>
    /// <param name="inputs">The bound arguments of <c>forward</c>; left as they are.</param>
    /// <param name="targets">What the loss compares with; empty where it has nothing, and where only outputs are wanted.</param>
    /// <param name="train">Whether gradients follow: then there must be a sample per micro-batch at least.</param>
    /// <param name="devices">Where inputs must be, and targets go; null where anything goes.</param>
    public MicroBatches Split(Boundary inputs, IReadOnlyList<Tensor> targets, bool train, StageDevices? devices)
    {
        var samples = CountSamples(inputs, devices?.Inputs, "");
        for (var i = 0; i < targets.Count; i++) CheckTargets(targets[i], samples, targets.Count == 1 ? "" : $", number {i},");
        var batch = new MicroBatches(Sizes(samples, train));
        return Fill(batch, train, devices?.Targets, (slicer, i, start) =>
        {
            batch.Inputs[i] = slicer.Slice(inputs, i, start);
            var parts = new Tensor[targets.Count];
            for (var target = 0; target < parts.Length; target++)
                parts[target] = targets[target].narrow(options.TargetBatchDimension, start, batch.Sizes[i]).DetachFromDisposeScope();
            batch.Targets[i] = parts;
        });
    }

    /// <summary>Takes over micro-batches that the caller has made; the result is the caller's to dispose.</summary>
    /// <param name="parts">The bound arguments of <c>forward</c> and the targets of each; left as they are.</param>
    /// <param name="train">Whether gradients follow.</param>
    /// <param name="devices">Where inputs must be, and targets go; null where anything goes.</param>
    public MicroBatches Take(IReadOnlyList<(Boundary Inputs, Tensor Targets)> parts, bool train, StageDevices? devices)
    {
        var sizes = new List<long>();
        for (var i = 0; i < parts.Count; i++)
        {
            var of = $" of micro-batch {i}";
            sizes.Add(CountSamples(parts[i].Inputs, devices?.Inputs, of));
            CheckTargets(parts[i].Targets, sizes[i], of);
        }

        var batch = new MicroBatches(sizes);
        return Fill(batch, train, devices?.Targets, (slicer, i, _) =>
        {
            batch.Inputs[i] = slicer.Slice(parts[i].Inputs, i, null);
            batch.Targets[i] = [parts[i].Targets.alias().DetachFromDisposeScope()];
        });
    }

    private MicroBatches Fill(MicroBatches batch, bool train, DeviceMove? targetsMove, Action<Slicer, int, long> fill)
    {
        using var grad = set_grad_enabled(train);
        try
        {
            var slicer = new Slicer(layout, batch);
            var start = 0L;
            for (var i = 0; i < batch.Count; i++)
            {
                fill(slicer, i, start);
                start += batch.Sizes[i];
                if (options.LossWeight is { } count && batch.Targets[i] is [var targets, ..]) batch.Counts[i] = Count(count, targets, i);
                if (targetsMove is not null) Move(batch, i, targetsMove);
            }

            return batch;
        }
        catch
        {
            batch.Dispose();
            throw;
        }
    }

    private static void Move(MicroBatches batch, int microBatch, DeviceMove move)
    {
        // One by one, so that the batch owns what there is if a copy fails.
        Tensor[] targets = [.. batch.Targets[microBatch]];
        batch.Targets[microBatch] = targets;
        for (var i = 0; i < targets.Length; i++) targets[i] = move.Move(targets[i]);
    }

    private static double Count(Func<Tensor, double> count, Tensor targets, int microBatch)
    {
        using var untracked = no_grad();
        using var scope = NewDisposeScope();
        var counted = count(targets);
        if (counted >= 0 && double.IsFinite(counted)) return counted;
        throw new InvalidOperationException(FormattableString.Invariant(
            $"PipelineOptions.LossWeight returned {counted} for micro-batch {microBatch}: it must be the number of elements that the loss is a mean over."));
    }

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

    private long CountSamples(Boundary inputs, Device? device, string of)
    {
        var counter = new SampleCounter(layout, device, of);
        inputs.VisitTensors(counter);
        return counter.Samples switch
        {
            null => throw new ArgumentException(
                $"{layout.ModelName}.forward got no tensor to split into micro-batches: at least one input must have a batch dimension."),
            0 => throw new ArgumentException($"The mini-batch is empty: input '{counter.Source}'{of} has no samples."),
            { } samples => samples,
        };
    }

    private void CheckTargets(Tensor targets, long samples, string of)
    {
        if (targets is null) throw new ArgumentNullException(nameof(targets), $"The targets{of} are null.");
        if (targets.IsInvalid) throw new ObjectDisposedException(nameof(targets), $"The targets{of} have been disposed.");
        var dimension = options.TargetBatchDimension;
        if (targets.ndim <= dimension || targets.shape[dimension] != samples)
        {
            throw new ArgumentException(
                $"The inputs have {samples} sample(s), but the targets{of} have shape [{string.Join(", ", targets.shape)}]: their "
                + $"{(dimension == 0 ? "first dimension" : $"dimension {dimension} (PipelineOptions.TargetBatchDimension)")} must be the same.");
        }
    }

    /// <summary>Makes the boundary of one micro-batch: slices, or all of it, owned by whoever takes the boundary.</summary>
    private sealed class Slicer(InputLayout layout, MicroBatches batch) : ITensorVisitor
    {
        private int microBatch;
        private int ordinal;
        private long? start;

        /// <param name="whole">What to slice.</param>
        /// <param name="index">The micro-batch.</param>
        /// <param name="from">Its first sample; null where it is all of it.</param>
        public Boundary Slice(Boundary whole, int index, long? from)
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
                tensor = part.requires_grad ? Leaf(part) : Apart(part);
            }

            ordinal++;
        }

        private Tensor Part(Tensor whole, int slot)
            => (start is { } first && layout.DimensionOf(slot) is { } dimension
                ? whole.narrow(dimension, first, batch.Sizes[microBatch])
                : whole.alias()).DetachFromDisposeScope();

        /// <summary>
        /// The same values under a tensor of its own: libtorch counts changes in place by base, so a stage that changes its slice would spoil what
        /// another micro-batch's backward needs of another slice.
        /// </summary>
        private static Tensor Apart(Tensor slice)
        {
            using (slice) return StorageAlias.Of(slice).DetachFromDisposeScope();
        }

        /// <summary>The first stage gets a leaf; its gradient goes on to the caller's tensor, through the slice, when the step ends.</summary>
        private Tensor Leaf(Tensor slice)
        {
            batch.InputSlices.Add((microBatch, ordinal, slice));
            return slice.detach().DetachFromDisposeScope().requires_grad_();
        }
    }
}
