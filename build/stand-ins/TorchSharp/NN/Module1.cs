namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module of one input.</summary>
        public abstract class Module<T, TResult>
            : HookableModule<
                Func<Module<T, TResult>, T, T>,
                Func<Module<T, TResult>, T, TResult, TResult>>,
            IModule<T, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T input);

            /// <summary>Runs the hooks before, <see cref="forward"/>, and the hooks after it.</summary>
            public TResult call(T input)
            {
                if (!HasHooks) return forward(input);

                foreach (var hook in module_pre_hooks.Values) hook(this);
                foreach (var hook in pre_hooks.Values)
                    if (hook(this, input) is { } replaced)
                        input = replaced;

                var result = forward(input);

                foreach (var hook in post_hooks.Values)
                    if (hook(this, input, result) is { } replaced)
                        result = replaced;
                foreach (var hook in module_post_hooks.Values) hook(this);

                return result;
            }
        }
    }
}
