using static TorchSharp.torch;

namespace PipelineSdk.Training;

/// <summary>Values that buffers had at some time.</summary>
internal sealed class BufferValues : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Value)> values = [];

    /// <summary>Takes the value that a buffer has now.</summary>
    public void Add(Tensor buffer)
    {
        if (!buffer.IsInvalid) values.Add((buffer, buffer.clone().DetachFromDisposeScope()));
    }

    /// <summary>Forgets those that buffers still have.</summary>
    public void DropUnchanged()
    {
        for (var i = values.Count - 1; i >= 0; i--)
        {
            if (!IsCurrent(values[i])) continue;
            values[i].Value.Dispose();
            values.RemoveAt(i);
        }
    }

    /// <summary>Gives the buffers these values again.</summary>
    /// <remarks>Through tensors of their own over the buffers' storages, so that a backward through a buffer is not refused: see <see cref="StorageAlias"/>.</remarks>
    public void Restore()
    {
        using var constant = no_grad();
        foreach (var (buffer, value) in values)
        {
            if (IsCurrent((buffer, value))) continue;
            using var contents = StorageAlias.Of(buffer);
            contents.copy_(value);
        }
    }

    public void Dispose()
    {
        foreach (var (_, value) in values) value.Dispose();
        values.Clear();
    }

    private static bool IsCurrent((Tensor Buffer, Tensor Value) entry) => entry.Buffer.IsInvalid || entry.Buffer.Equals(entry.Value);
}
