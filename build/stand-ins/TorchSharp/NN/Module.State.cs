using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// Parameters and persistent buffers by name. A tensor that two submodules share stands under both names.
            /// </summary>
            public virtual Dictionary<string, Tensor> state_dict(
                Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];

                foreach (var (own, parameter) in named_parameters()) destination.TryAdd(Qualify(own), parameter);
                foreach (var (own, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(Qualify(own), buffer);
                foreach (var (child, module) in _internal_submodules) module.state_dict(destination, Qualify(child));

                return destination;

                string Qualify(string component) => string.IsNullOrEmpty(prefix) ? component : $"{prefix}.{component}";
            }

            /// <summary>Copies the values of <paramref name="source"/> into the tensors of the same names.</summary>
            /// <exception cref="InvalidOperationException">The names differ, and <paramref name="strict"/> is set.</exception>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                skip ??= [];
                var destination = state_dict();
                var unexpected = source.Keys.Where(key => !skip.Contains(key) && !destination.ContainsKey(key)).ToList();
                var missing = destination.Keys.Where(key => !skip.Contains(key) && !source.ContainsKey(key)).ToList();

                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");

                using var _ = no_grad();
                foreach (var (key, value) in source)
                    if (!skip.Contains(key) && destination.TryGetValue(key, out var target))
                        Op.Run("aten::copy_", target, value);

                return (missing, unexpected);
            }

            public Module save(string location, IList<string>? skip = null)
            {
                using var stream = File.Create(location);
                return save(stream, skip);
            }

            /// <summary>Writes the state and closes the stream.</summary>
            public Module save(Stream stream, IList<string>? skip = null)
            {
                using var writer = new BinaryWriter(stream);
                return save(writer, skip);
            }

            public Module save(BinaryWriter writer, IList<string>? skip = null)
            {
                save_state_dict(writer, state_dict(), skip);
                return this;
            }

            /// <summary>Writes the number of entries (LEB128), then for each its name and its tensor.</summary>
            public static void save_state_dict(BinaryWriter writer, Dictionary<string, Tensor> sd, IList<string>? skip = null)
            {
                var entries = sd.Where(entry => skip is null || !skip.Contains(entry.Key)).ToList();

                writer.Encode(entries.Count);
                foreach (var (key, tensor) in entries)
                {
                    writer.Write(key);
                    tensor.Save(writer);
                }
            }

            public virtual Module load(
                string location, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                if (!File.Exists(location)) throw new FileNotFoundException(location);
                using var stream = File.OpenRead(location);
                return load(stream, strict, skip, loadedParameters);
            }

            /// <summary>Reads the state and closes the stream.</summary>
            public Module load(
                Stream stream, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                using var reader = new BinaryReader(stream);
                return load(reader, strict, skip, loadedParameters);
            }

            /// <summary>Reads a state into the module's tensors.</summary>
            /// <param name="reader">Where the state begins.</param>
            /// <param name="strict">Whether the file must hold exactly the module's names.</param>
            /// <param name="skip">Names whose tensors are to stay as they are.</param>
            /// <param name="loadedParameters">Takes each name of the file and whether the module has it.</param>
            /// <exception cref="ArgumentException">Number of entries, a name, a shape or an element type does not fit.</exception>
            public virtual Module load(
                BinaryReader reader, bool strict = true, IList<string>? skip = null, Dictionary<string, bool>? loadedParameters = null)
            {
                var (deviceType, deviceIndex) = (_deviceType, _deviceIndex);
                if (deviceType != DeviceType.CPU) this.cpu();

                try
                {
                    Read(reader, strict, skip ?? [], loadedParameters);
                }
                finally
                {
                    if (deviceType != DeviceType.CPU) _to(deviceType, deviceIndex, false);
                }

                return this;
            }

            public static Module Create<T>(string path)
                where T : Module, new()
                => new T().load(path);

            private void Read(BinaryReader reader, bool strict, IList<string> skip, Dictionary<string, bool>? loadedParameters)
            {
                var state = state_dict();
                var entries = reader.Decode();
                if (strict && entries != state.Count)
                    throw new ArgumentException($"Mismatched state_dict sizes: expected {state.Count}, but found {entries} entries.");

                for (var entry = 0L; entry < entries; entry++)
                {
                    var key = reader.ReadString();
                    var found = state.TryGetValue(key, out var tensor);
                    if (strict && !found)
                        throw new ArgumentException(
                            $"Mismatched module state names: the target modules does not have a submodule or buffer named '{key}'");

                    if (found && !skip.Contains(key))
                        tensor!.Load(reader);
                    else
                        TensorExtensionMethods.Load(reader, skip: true).Dispose();

                    loadedParameters?.Add(key, found);
                }
            }
        }
    }
}
