using TorchSharp;
using static TorchSharp.torch;

namespace PipelineSdk.Checkpoints;

/// <summary>The model's part of a checkpoint.</summary>
internal static class ModelTensors
{
    /// <summary>What the model saves, in the order in which it does.</summary>
    public static TensorEntry[] Of(nn.Module model) => [.. model.state_dict().Select(entry => new TensorEntry(entry.Key, entry.Value.dtype.ToString(), entry.Value.shape))];

    /// <exception cref="CheckpointException">The model has other tensors than were saved.</exception>
    public static void RequireSame(string path, string modelName, TensorEntry[] saved, TensorEntry[] own)
    {
        var ownByName = own.ToDictionary(entry => entry.Name);
        foreach (var entry in saved)
        {
            if (!ownByName.Remove(entry.Name, out var mine)) throw Differs($"It has '{entry.Name}', which {modelName} has not");
            if (mine.ToString() != entry.ToString()) throw Differs($"'{entry.Name}' is {entry} in it, but {mine} in {modelName}");
        }

        if (ownByName.Count > 0) throw Differs($"It has no '{ownByName.Keys.First()}', which {modelName} has");

        CheckpointException Differs(string difference) => new(path, $"The checkpoint is of another model. {difference}.");
    }

    /// <summary>Reads the tensors aside. They belong to the caller's dispose scope.</summary>
    public static List<(string Name, Tensor Value)> Read(BinaryReader reader, int count)
    {
        // The count, in LEB128: as many bytes as have the high bit set, and one.
        while (reader.ReadByte() >= 0x80)
        {
        }

        var tensors = new List<(string, Tensor)>();
        for (var i = 0; i < count; i++) tensors.Add((reader.ReadString(), TensorExtensionMethods.Load(reader)));
        return tensors;
    }

    /// <summary>Puts values into the model's own tensors, which stay the same objects on the same devices.</summary>
    public static void Apply(nn.Module model, IEnumerable<(string Name, Tensor Value)> values)
    {
        using var constant = no_grad();
        var own = model.state_dict();
        foreach (var (name, value) in values) own[name].copy_(value);
    }
}
