using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>What an optimizer remembers of one parameter.</summary>
public abstract class OptimizerState
{
    protected Parameter _parameter;

    protected OptimizerState(Parameter parameter) => _parameter = parameter;

    public abstract void Initialize(OptimizerOptions options);

    public abstract void SaveStateDict(BinaryWriter writer);

    public abstract void LoadStateDict(BinaryReader reader);

    public abstract void LoadStateDict(OptimizerState source);

    public virtual bool ApproximatelyEquals(OptimizerState other) => false;

    public virtual void to(Device device)
    {
    }

    protected static void SaveConditionalStateTensor(BinaryWriter writer, Tensor? tensor)
    {
        writer.Write(tensor is not null);
        tensor?.Save(writer);
    }

    protected static void LoadConditionalStateTensor(BinaryReader reader, ref Tensor? result, Device device)
    {
        if (!reader.ReadBoolean())
        {
            result?.Dispose();
            result = null;
            return;
        }

        TensorExtensionMethods.Load(ref result, reader);
        result = Moved(result, device);
    }

    /// <summary>The tensor on a device, out of all dispose scopes; the old one is disposed if it had to move.</summary>
    private protected static Tensor? Moved(Tensor? tensor, Device device)
    {
        if (tensor is null) return null;
        var moved = Op.Call("aten::to.device", tensor, device, tensor.dtype).DetachFromDisposeScope();
        tensor.Dispose();
        return moved;
    }

    /// <summary>A copy of another state's tensor on this parameter's device in the place of an own one.</summary>
    private protected void Replace(ref Tensor? own, Tensor? other)
    {
        own?.Dispose();
        own = other is null
            ? null
            : Op.Call("aten::to.device", other, _parameter.device, other.dtype, false, true).DetachFromDisposeScope();
    }

    private protected static bool Close(Tensor? left, Tensor? right)
        => left is null ? right is null : right is not null && Op.CallBool("aten::allclose", left, right);

    private protected static Tensor ZerosLike(Tensor tensor)
        => Op.Call("aten::zeros_like", tensor).DetachFromDisposeScope();
}
