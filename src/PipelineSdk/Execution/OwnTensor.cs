using System.Reflection;
using System.Runtime.CompilerServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>Moves one parameter or buffer of a module, and not the modules within it.</summary>
/// <remarks>
/// TorchSharp's <c>to(...)</c> moves a module with all that is in it, so a model can't be asked for its own members alone. What it does to them is done here: the
/// register gets the moved tensor, and so does the field.
/// </remarks>
internal static class OwnTensor
{
    /// <param name="owner">The module.</param>
    /// <param name="name">The name in the model, for errors.</param>
    /// <param name="tensor">The parameter or buffer. Disposed.</param>
    /// <param name="device">Where to.</param>
    /// <exception cref="NotSupportedException">No field holds it, so that the module would go on with the old one.</exception>
    public static void Move(nn.Module owner, string name, Tensor tensor, Device device)
    {
        var fields = FieldsOf(owner.GetType()).Where(field => ReferenceEquals(field.GetValue(owner), tensor)).ToList();
        if (fields.Count == 0)
        {
            throw new NotSupportedException(
                $"'{name}' can't be moved from {tensor.device} to {device}: no field of {owner.GetType().Name} holds it, and its to(...) did not move it. Make it on that device, "
                + "or hold it in a field.");
        }

        var moved = tensor is Parameter parameter ? Moved(parameter, device) : Moved(tensor, device);
        Register(owner, tensor, moved);
        foreach (var field in fields) field.SetValue(owner, moved);
        tensor.Dispose();
    }

    private static Tensor Moved(Tensor buffer, Device device)
    {
        using var values = buffer.detach();
        return values.to(device).DetachFromDisposeScope();
    }

    private static Parameter Moved(Parameter parameter, Device device)
    {
        var moved = new Parameter(Moved((Tensor)parameter, device), parameter.requires_grad);
        moved.DetachFromDisposeScope();
        using var gradient = parameter.grad;
        using var movedGradient = gradient?.to(device);
        if (movedGradient is not null) moved.grad = movedGradient;
        return moved;
    }

    private static void Register(nn.Module owner, Tensor tensor, Tensor moved)
    {
        if (moved is Parameter parameter)
        {
            if (owner.named_parameters(recurse: false).FirstOrDefault(entry => ReferenceEquals(entry.parameter, tensor)).name is { } name) ConditionallyRegisterParameter(owner, name, parameter);
        }
        else if (owner.named_buffers(recurse: false).FirstOrDefault(entry => ReferenceEquals(entry.buffer, tensor)).name is { } name)
        {
            ConditionallyRegisterBuffer(owner, name, moved, persistent: true);
        }
    }

    private static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var current = type; current is not null && current != typeof(nn.Module); current = current.BaseType)
        {
            foreach (var field in current.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)) yield return field;
        }
    }

    // Protected members of TorchSharp's public API: a module may put another tensor in the place of its own, and here it is told to.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(ConditionallyRegisterParameter))]
    private static extern void ConditionallyRegisterParameter(nn.Module module, string name, Parameter? value);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = nameof(ConditionallyRegisterBuffer))]
    private static extern void ConditionallyRegisterBuffer(nn.Module module, string name, Tensor? value, bool persistent);
}
