using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private protected static Tensor Empty(long[] shape, ScalarType? dtype, Device? device)
                => Op.Call(
                    "aten::empty.memory_format", shape, dtype ?? get_default_dtype(), Arg.None, device ?? get_default_device());

            /// <summary>Zero for what was disposed.</summary>
            private protected static nint HandleOf(Tensor? tensor) => tensor is null || tensor.IsInvalid ? 0 : tensor.Handle;

            /// <summary>A setter of a built-in module: the module owns the new value, and disposes the old one.</summary>
            private protected void Own(string component, ref Parameter? field, Parameter? value)
            {
                if (field is not null && HandleOf(field) == HandleOf(value)) return;
                field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                ConditionallyRegisterParameter(component, value);
            }

            /// <inheritdoc cref="Own(string, ref Parameter, Parameter)"/>
            private protected void Own(string component, ref Tensor? field, Tensor? value)
            {
                if (field is not null && HandleOf(field) == HandleOf(value)) return;
                field?.Dispose();
                value?.DetachFromDisposeScope();
                field = value;
                ConditionallyRegisterBuffer(component, value);
            }
        }
    }
}
