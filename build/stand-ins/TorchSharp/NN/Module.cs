using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The base of all modules: named parameters, buffers and submodules, without a forward function.</summary>
        public partial class Module : IDisposable
        {
            protected OrderedDict<string, Module> _internal_submodules = new();
            protected OrderedDict<string, (Tensor, bool)> _internal_buffers = new();
            protected OrderedDict<string, Parameter> _internal_params = new();

            protected string? name;

            private bool _training = true;

            protected Module(string name) => this.name = name;

            /// <summary>True once the module was disposed; such a module cannot be registered any more.</summary>
            internal bool IsDisposed { get; private set; }

            public virtual bool training
            {
                get
                {
                    ObjectDisposedException.ThrowIf(IsDisposed, this);
                    return _training;
                }
            }

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            /// <summary>Sets training or evaluation mode here and in all submodules.</summary>
            public virtual void train(bool train = true)
            {
                ObjectDisposedException.ThrowIf(IsDisposed, this);
                _training = train;
                foreach (var (_, child) in named_children()) child.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>Calls <paramref name="fn"/> with every submodule, children first, and then with this module.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                foreach (var (_, child) in _internal_submodules) child.apply(fn);
                fn(this);
                return this;
            }

            /// <summary>Removes the gradients of all parameters, or fills them with zeros.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    using var grad = parameter.grad;
                    if (grad is null) continue;
                    if (set_to_none)
                        parameter.grad = null;
                    else
                        Op.Run("aten::zero_", grad);
                }
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>
            /// Disposes the module's buffers and parameters and then all its submodules, whoever else refers to them.
            /// </summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || IsDisposed) return;

                foreach (var (_, buffer) in named_buffers(false).ToList()) buffer.DetachFromDisposeScope().Dispose();
                foreach (var (_, parameter) in named_parameters(false).ToList()) parameter.DetachFromDisposeScope().Dispose();
                foreach (var (_, module) in named_modules().ToList()) module.Dispose();
                IsDisposed = true;
            }
        }
    }
}
