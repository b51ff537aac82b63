using System.Text.Json.Serialization;

namespace PipelineSdk.Checkpoints;

/// <summary>The part of a checkpoint that is text; what is binary follows it in the order in which it is named here.</summary>
internal sealed record CheckpointHeader
{
    public required CheckpointInfo Info { get; init; }

    /// <summary>The steps of each kind (training, evaluation, forward) that random numbers are counted by.</summary>
    public required long[] RandomSteps { get; init; }

    /// <summary>The model's tensors, by name and in the order in which they are saved.</summary>
    public required TensorEntry[] Tensors { get; init; }

    /// <summary>Bytes of the state of the process's random number generator.</summary>
    public required int GeneratorBytes { get; init; }

    /// <summary>Bytes of the settings of each parameter group.</summary>
    public required int[] GroupBytes { get; init; }

    /// <summary>The optimizer's state of each parameter.</summary>
    public required StateEntry[] States { get; init; }
}

/// <summary>A tensor of the model.</summary>
internal sealed record TensorEntry(string Name, string Type, long[] Shape)
{
    public override string ToString() => $"{Type}[{string.Join(", ", Shape)}]";
}

/// <summary>An optimizer's state of one parameter: the group whose settings apply, and its bytes.</summary>
internal sealed record StateEntry(string Name, int Group, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckpointHeader))]
internal sealed partial class CheckpointJson : JsonSerializerContext;
