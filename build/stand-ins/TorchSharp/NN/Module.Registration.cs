using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            private const BindingFlags InstanceFields = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

            private bool _areComponentsRegistered;

            /// <summary>
            /// Registers what the instance fields hold at this moment: modules, parameters, and other tensors as buffers.
            /// Collections of modules are not looked into. A second call does nothing.
            /// </summary>
            protected virtual void RegisterComponents()
            {
                if (_areComponentsRegistered) return;

                foreach (var field in FieldsWithBases(GetType()))
                {
                    var component = field.ComponentName();
                    if (IsRegistered(component)) continue;

                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(component, module);
                            break;
                        case Parameter parameter:
                            register_parameter(component, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(component, tensor);
                            break;
                    }
                }

                _areComponentsRegistered = true;
            }

            /// <exception cref="ArgumentException">The name is empty or contains a dot.</exception>
            /// <exception cref="InvalidOperationException">A submodule of this name is there already.</exception>
            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule.IsDisposed)
                {
                    _internal_submodules.Remove(name);
                    return;
                }

                if (name.Contains('.')) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (name.Length == 0) throw new ArgumentException("module name can't be empty string \"\"");
                if (_internal_submodules.ContainsKey(name))
                    throw new InvalidOperationException($"Sub-module {name} is already registered.");

                submodule.RegisterComponents();
                _internal_submodules.Add(name, submodule);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!_internal_params.TryAdd(name, param))
                    throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            /// <param name="name">The buffer's name.</param>
            /// <param name="tensor">The buffer.</param>
            /// <param name="persistent">False keeps the buffer out of <see cref="state_dict"/>, and of all enumerations.</param>
            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid)
                    throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!_internal_buffers.TryAdd(name, (tensor, persistent)))
                    throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            /// <summary>Registers the parameter, replaces the one of this name, or removes that one if the value is null.</summary>
            protected void ConditionallyRegisterParameter(string name, Parameter? value)
            {
                if (value is null)
                    _internal_params.Remove(name);
                else
                    _internal_params[name] = value;
            }

            protected void ConditionallyRegisterParameter(string name, Tensor? value)
                => ConditionallyRegisterParameter(name, value as Parameter);

            /// <summary>Registers the buffer, replaces the one of this name, or removes that one if the value is null.</summary>
            protected void ConditionallyRegisterBuffer(string name, Tensor? value, bool persistent = true)
            {
                if (value is null)
                    _internal_buffers.Remove(name);
                else
                    _internal_buffers[name] = (value, persistent);
            }

            protected void ClearModules() => _internal_submodules.clear();

            private bool IsRegistered(string component)
                => _internal_submodules.ContainsKey(component)
                    || _internal_params.ContainsKey(component)
                    || _internal_buffers.ContainsKey(component);

            /// <summary>Private fields of base classes belong to it; of two fields with one name the most derived counts.</summary>
            private static IEnumerable<FieldInfo> FieldsWithBases(Type type)
            {
                var seen = new HashSet<string>();
                for (var current = type; current != null && current != typeof(object); current = current.BaseType)
                    foreach (var field in current.GetFields(InstanceFields))
                        if (seen.Add(field.Name))
                            yield return field;
            }
        }
    }
}
