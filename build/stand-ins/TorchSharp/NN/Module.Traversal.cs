using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            /// <summary>
            /// Own parameters, then those of the submodules under dotted names. One that appears twice is named once;
            /// two wrappers of one native tensor count as two.
            /// </summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint> { 0 };

                foreach (var (own, parameter) in _internal_params)
                    if (seen.Add(HandleOf(parameter)))
                        yield return (own, parameter);

                if (!recurse) yield break;

                foreach (var (child, module) in _internal_submodules)
                    foreach (var (inner, parameter) in module.named_parameters(true))
                        if (seen.Add(HandleOf(parameter)))
                            yield return ($"{child}.{inner}", parameter);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true)
                => named_parameters(recurse).Select(named => named.parameter);

            /// <summary>Own persistent buffers, then those of the submodules under dotted names.</summary>
            /// <param name="recurse">Whether to go into the submodules.</param>
            /// <param name="include_nonpersistent">Without effect: buffers that are not persistent are never enumerated.</param>
            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(
                bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint> { 0 };

                foreach (var (own, (buffer, persistent)) in _internal_buffers)
                    if (persistent && seen.Add(HandleOf(buffer)))
                        yield return (own, buffer);

                if (!recurse) yield break;

                foreach (var (child, module) in _internal_submodules)
                    foreach (var (inner, buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(HandleOf(buffer)))
                            yield return ($"{child}.{inner}", buffer);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true)
                => named_buffers(recurse, include_nonpersistent).Select(named => named.buffer);

            public virtual IEnumerable<(string name, Module module)> named_children() => _internal_submodules;

            public virtual IEnumerable<Module> children() => named_children().Select(named => named.module);

            /// <summary>The direct submodules, then those of each; this module itself is not among them.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in _internal_submodules) yield return child;

                foreach (var (child, module) in _internal_submodules)
                    foreach (var (inner, submodule) in module.named_modules())
                        yield return ($"{child}.{inner}", submodule);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(named => named.module);

            public virtual bool has_parameter(string target)
                => _internal_params.ContainsKey(target) || Descend(target) is var (child, rest) && child.has_parameter(rest);

            public virtual bool has_buffer(string target)
                => _internal_buffers.ContainsKey(target) || Descend(target) is var (child, rest) && child.has_buffer(rest);

            public virtual Parameter? get_parameter(string target)
                => _internal_params.TryGetValue(target, out var parameter) ? parameter
                    : Descend(target) is var (child, rest) ? child.get_parameter(rest) : null;

            public virtual Tensor? get_buffer(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                return _internal_buffers.TryGetValue(target, out var entry) ? entry.Item1
                    : Descend(target) is var (child, rest) ? child.get_buffer(rest) : null;
            }

            private (Module Child, string Inner)? Descend(string target)
            {
                var dot = target.IndexOf('.');
                if (dot < 0) return null;

                var first = target[..dot];
                foreach (var (child, module) in named_children())
                    if (child == first)
                        return (module, target[(dot + 1)..]);
                return null;
            }
        }
    }
}
