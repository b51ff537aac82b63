using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            protected DeviceType _deviceType = DeviceType.CPU;
            protected int _deviceIndex = -1;

            /// <exception cref="ArgumentException">The element type is neither floating-point nor complex.</exception>
            protected internal virtual Module _to(Device device, ScalarType dtype, bool non_blocking)
            {
                CheckElementType(dtype);
                InitializeDeviceType(device.type);
                if (device.type != DeviceType.CUDA) device = new Device(device.type, -1);
                _toEpilog(device, dtype, non_blocking);
                return this;
            }

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType != DeviceType.CUDA) deviceIndex = -1;
                InitializeDeviceType(deviceType);
                if (deviceType != _deviceType || deviceIndex != _deviceIndex) _toEpilog(deviceType, deviceIndex, non_blocking);
                return this;
            }

            /// <exception cref="ArgumentException">The element type is neither floating-point nor complex.</exception>
            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                CheckElementType(dtype);
                _toEpilog(dtype, non_blocking);
                return this;
            }

            public Module _to(Tensor other, bool non_blocking)
            {
                _to(other.dtype, non_blocking);
                return _to(other.device_type, other.device_index, non_blocking);
            }

            protected void _toEpilog(ScalarType dtype, bool non_blocking) => _toEpilog(dtype, null, non_blocking);

            protected void _toEpilog(Device device, ScalarType dtype, bool non_blocking) => _toEpilog(dtype, device, non_blocking);

            protected void _toEpilog(DeviceType deviceType, int deviceIndex, bool non_blocking)
                => _toEpilog(null, new Device(deviceType, deviceIndex), non_blocking);

            /// <summary>
            /// Moves the children, then puts a moved copy in the place of every own parameter and buffer: through the
            /// property of that name where there is one, else in the register and in the field.
            /// </summary>
            protected virtual void _toEpilog(ScalarType? dtype, Device? device, bool non_blocking)
            {
                if (dtype is null && device is null)
                    throw new ArgumentNullException(nameof(dtype), "Neither an element type nor a device is given.");

                foreach (var (_, child) in named_children())
                {
                    if (device is null) child._to(dtype!.Value, non_blocking);
                    else if (dtype is null) child._to(device.type, device.index, non_blocking);
                    else child._to(device, dtype.Value, non_blocking);
                }

                var fields = FieldsWithBases(GetType()).ToDictionary(field => field.ComponentName());
                var properties = GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .ToDictionary(property => property.Name);

                foreach (var (own, parameter) in named_parameters(false).ToList())
                {
                    if (!ReplaceParameter(dtype, device, parameter, out var moved)) continue;

                    if (properties.TryGetValue(own, out var property))
                    {
                        property.SetValue(this, moved);
                        continue;
                    }

                    parameter.Dispose();
                    ConditionallyRegisterParameter(own, moved);
                    if (fields.TryGetValue(own, out var field)) field.SetValue(this, moved);
                }

                foreach (var (own, buffer) in named_buffers(false).ToList())
                {
                    if (!ReplaceBuffer(dtype, device, buffer, out var moved)) continue;

                    if (properties.TryGetValue(own, out var property))
                    {
                        property.SetValue(this, moved);
                        continue;
                    }

                    ConditionallyRegisterBuffer(own, moved);
                    if (fields.TryGetValue(own, out var field)) field.SetValue(this, moved);
                }

                if (device is null) return;
                _deviceType = device.type;
                _deviceIndex = device.index;
            }

            /// <summary>Makes a moved copy of the parameter and of its gradient: a leaf without a graph to the old one.</summary>
            /// <returns>False if nothing is to be done.</returns>
            protected static bool ReplaceParameter(ScalarType? dtype, Device? device, Parameter param, out Parameter? p)
            {
                p = null;
                using var grad = param.grad;
                var element = TargetType(dtype, param);
                var place = device ?? param.device;
                if (IsAt(param, element, place) && (grad is null || IsAt(grad, element, place))) return false;

                using var _ = no_grad();
                p = new Parameter(Move(param, element, place), param.requires_grad);
                p.DetachFromDisposeScope();
                if (grad is null) return true;

                using var movedGrad = Move(grad, element, place);
                p.grad = movedGrad;
                return true;
            }

            /// <summary>Makes a moved copy of the buffer and disposes the old one. Integer buffers keep their element type.</summary>
            /// <returns>False if nothing is to be done.</returns>
            protected static bool ReplaceBuffer(ScalarType? dtype, Device? device, Tensor buffer, out Tensor? result)
            {
                result = null;
                var element = TargetType(dtype, buffer);
                var place = device ?? buffer.device;
                if (IsAt(buffer, element, place)) return false;

                result = Move(buffer, element, place).DetachFromDisposeScope();
                buffer.Dispose();
                return true;
            }

            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(Device? device = null, ScalarType? dtype = null)
                => (device ?? get_default_device(), dtype ?? get_default_dtype());

            private static ScalarType TargetType(ScalarType? dtype, Tensor tensor)
                => dtype is { } wanted && IsFloatingOrComplex(tensor.dtype) ? wanted : tensor.dtype;

            private static bool IsAt(Tensor tensor, ScalarType dtype, Device device)
                => tensor.dtype == dtype && tensor.device.type == device.type
                    && (device.index < 0 || tensor.device.index == device.index);

            private static Tensor Move(Tensor tensor, ScalarType dtype, Device device)
                => Op.Call("aten::to.device", tensor, device, dtype, false, true);

            private static bool IsFloatingOrComplex(ScalarType dtype) => is_floating_point(dtype) || is_complex(dtype);

            private static void CheckElementType(ScalarType dtype)
            {
                if (!IsFloatingOrComplex(dtype))
                    throw new ArgumentException(
                        $"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
            }
        }
    }
}
