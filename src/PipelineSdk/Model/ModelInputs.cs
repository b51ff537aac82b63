using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>
/// The arguments of one call of a model's <c>forward</c>. Converts from a tensor or a tuple of tensors, so that callers write
/// <c>pipeline.Forward(images)</c> or <c>pipeline.Forward((tokens, mask))</c>.
/// </summary>
public readonly struct ModelInputs
{
    private readonly object?[]? values;

    /// <summary>
    /// Takes the arguments of <c>forward</c>, in order; tensors or any other values. An array counts as the list of arguments: one that
    /// is itself an argument is passed as <c>new ModelInputs([array])</c>.
    /// </summary>
    public ModelInputs(params object?[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        this.values = values;
    }

    /// <summary>The arguments, in order.</summary>
    public IReadOnlyList<object?> Values => values ?? [];

    /// <summary>One tensor.</summary>
    public static implicit operator ModelInputs(torch.Tensor input) => new([input]);

    /// <summary>Two tensors.</summary>
    public static implicit operator ModelInputs((torch.Tensor?, torch.Tensor?) inputs) => new(inputs.Item1, inputs.Item2);

    /// <summary>Three tensors.</summary>
    public static implicit operator ModelInputs((torch.Tensor?, torch.Tensor?, torch.Tensor?) inputs)
        => new(inputs.Item1, inputs.Item2, inputs.Item3);

    /// <summary>Checks the number of arguments; called by generated code.</summary>
    /// <exception cref="ArgumentException">There are fewer or more than <c>forward</c> takes.</exception>
    public void RequireCount(string modelName, int expected)
    {
        if (Values.Count != expected)
        {
            throw new ArgumentException(
                $"{modelName}.forward takes {expected} argument(s), but {Values.Count} were given. Pass a tensor, a tuple, or "
                + "new ModelInputs(...) with one value per parameter, in order"
                + (values is null || values.GetType() == typeof(object[]) ? "." : "; an array that is one argument as new ModelInputs([array])."));
        }
    }

    /// <summary>The argument at <paramref name="index"/> as a <typeparamref name="T"/>; called by generated code.</summary>
    /// <exception cref="ArgumentException">The argument has another type.</exception>
    public T Get<T>(string modelName, int index, string parameter)
    {
        var value = Values[index];
        if (value is T typed) return typed;
        if (value is null && default(T) is null) return default!;
        throw new ArgumentException(
            $"{modelName}.forward takes {TypeName.Of(typeof(T))} {parameter} as argument {index + 1}, but got "
            + $"{(value is null ? "null" : TypeName.Of(value.GetType()))}.");
    }
}
