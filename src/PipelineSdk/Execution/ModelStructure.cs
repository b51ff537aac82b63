using PipelineSdk.Model;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// The modules and parameters that the stages used when the pipeline was built. Hooks, optimizers, costs and the proof that no parameter is in two stages
/// are for these, so a step over others is refused. What is in the parameters, whether they train, and the mode of modules may change.
/// </summary>
internal sealed class ModelStructure<TModel>
    where TModel : nn.Module
{
    private readonly TModel model;
    private readonly string modelName;
    private readonly IReadOnlyList<Stage<TModel>> stages;
    private readonly List<object> parts = [];
    private readonly List<string> names = [];

    public ModelStructure(TModel model, string modelName, IReadOnlyList<Stage<TModel>> stages)
    {
        this.model = model;
        this.modelName = modelName;
        this.stages = stages;
        Walk((part, name) =>
        {
            parts.Add(part);
            names.Add(name());
            return true;
        });
    }

    /// <exception cref="InvalidOperationException">The model has other modules or parameters than when the pipeline was built.</exception>
    public void RequireSame()
    {
        var next = 0;
        if (Walk((part, _) => next < parts.Count && ReferenceEquals(parts[next++], part)) && next == parts.Count) return;

        var now = new List<(object Part, string Name)>();
        Walk((part, name) =>
        {
            now.Add((part, name()));
            return true;
        });
        throw new InvalidOperationException(
            $"{modelName} has changed since the pipeline was built: {Difference(now)}. A pipeline is built for the modules and parameters that the model has then: build "
            + "another, and another optimizer. Values, requires_grad, train() and eval() may change.");
    }

    private string Difference(List<(object Part, string Name)> now)
    {
        var before = parts.Zip(names).DistinctBy(entry => entry.Second).ToDictionary(entry => entry.Second, entry => entry.First);
        var after = now.DistinctBy(entry => entry.Name).ToDictionary(entry => entry.Name, entry => entry.Part);
        // A replaced module brings other parameters; the outermost difference says all.
        foreach (var (_, name) in now)
        {
            if (!before.TryGetValue(name, out var old)) return $"{Kind(after[name])} '{name}' has been added";
            if (!ReferenceEquals(old, after[name])) return $"{Kind(after[name])} '{name}' has been replaced by another";
        }

        foreach (var name in names)
        {
            if (!after.ContainsKey(name)) return $"{Kind(before[name])} '{name}' is gone";
        }

        return "its modules come in another order";
    }

    private static string Kind(object part) => part is nn.Module ? "module" : "parameter";

    /// <summary>Shows every module and parameter of the stages, a module before what is in it, until told to stop.</summary>
    private bool Walk(Func<object, Func<string>, bool> visit)
    {
        foreach (var stage in stages)
        {
            var members = new SegmentMembers();
            foreach (var segment in stage.Segments) segment.CollectMembers(model, members);
            foreach (var (name, parameter) in members.Parameters)
            {
                if (!visit(parameter, () => name)) return false;
            }

            foreach (var (name, module) in members.Modules)
            {
                if (!Walk(module, () => name, visit)) return false;
            }
        }

        return true;
    }

    private static bool Walk(nn.Module module, Func<string> path, Func<object, Func<string>, bool> visit)
    {
        if (!visit(module, path)) return false;
        foreach (var (name, parameter) in module.named_parameters(recurse: false))
        {
            if (!visit(parameter, () => $"{path()}.{name}")) return false;
        }

        foreach (var (name, child) in ModuleChildren.Of(module))
        {
            if (!Walk(child, () => $"{path()}.{name}", visit)) return false;
        }

        return true;
    }
}
