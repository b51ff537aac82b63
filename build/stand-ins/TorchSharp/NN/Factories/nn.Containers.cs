using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Sequential Sequential() => new();

        public static Sequential Sequential(params Module<Tensor, Tensor>[] modules)
            => Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

        public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules)
            => Sequential((IEnumerable<(string, Module<Tensor, Tensor>)>)modules);

        public static Sequential Sequential(params Tuple<string, Module<Tensor, Tensor>>[] modules)
            => Sequential((IEnumerable<Tuple<string, Module<Tensor, Tensor>>>)modules);

        public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
        {
            var sequential = new Sequential();
            foreach (var module in modules) sequential.append(module);
            return sequential;
        }

        public static Sequential Sequential(IEnumerable<(string name, Module<Tensor, Tensor> submodule)> modules)
        {
            var sequential = new Sequential();
            foreach (var (name, module) in modules) sequential.append(name, module);
            return sequential;
        }

        public static Sequential Sequential(IEnumerable<Tuple<string, Module<Tensor, Tensor>>> modules)
            => Sequential(modules.Select(named => (named.Item1, named.Item2)));

        public static ModuleList<Module> ModuleList(params Module[] modules) => new(modules);

        public static ModuleList<T> ModuleList<T>(params T[] modules) where T : Module => new(modules);

        public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => ModuleDict<Module>(modules);

        public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module
        {
            var dictionary = new ModuleDict<T>();
            foreach (var module in modules) dictionary.Add(module);
            return dictionary;
        }
    }
}
