namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module of two inputs.</summary>
        public abstract class Module<T1, T2, TResult>
            : HookableModule<
                Func<Module<T1, T2, TResult>, T1, T2, (T1, T2)?>,
                Func<Module<T1, T2, TResult>, T1, T2, TResult, TResult>>,
            IModule<T1, T2, TResult>
        {
            protected Module(string name) : base(name)
            {
            }

            public abstract TResult forward(T1 input1, T2 input2);

            /// <summary>Runs the hooks before, <see cref="forward"/>, and the hooks after it.</summary>
            public TResult call(T1 input1, T2 input2)
            {
                if (!HasHooks) return forward(input1, input2);

                foreach (var hook in module_pre_hooks.Values) hook(this);
                foreach (var hook in pre_hooks.Values)
                    if (hook(this, input1, input2) is { } replaced)
                        (input1, input2) = replaced;

                var result = forward(input1, input2);

                foreach (var hook in post_hooks.Values)
                    if (hook(this, input1, input2, result) is { } replaced)
                        result = replaced;
                foreach (var hook in module_post_hooks.Values) hook(this);

                return result;
            }
        }
    }
}
