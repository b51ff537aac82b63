using PipelineSdk.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PipelineSdk.Execution;

/// <summary>
/// Puts off the weight gradients of a stage's Linear and convolution layers (Qi et al., Zero Bubble Pipeline Parallelism, 2023, call it by this
/// name). Hooks on the layers take their calls out of the stage's graph while a forward is recorded; at other times, and on other threads, they do
/// nothing.
/// </summary>
/// <remarks>
/// TorchSharp runs hooks where a layer is called with <c>call</c>, as <c>Sequential</c> does, and not where it is called with <c>forward</c>. What is
/// not put off is computed with the input gradient.
/// </remarks>
internal sealed class WeightGradientStore : IDisposable
{
    [ThreadStatic]
    private static WeightGradientStore? active;

    private readonly List<Layer> layers = [];
    private readonly Tensor anchor = zeros(1).DetachFromDisposeScope();
    private List<DeferredCall> calls = null!;
    private Layer? entered;
    private Tensor? enteredInput;
    private Tensor? enteredLeaf;

    private WeightGradientStore() => anchor.requires_grad_();

    /// <summary>The layers whose weight gradients can be put off, by their names in the model.</summary>
    public IEnumerable<string> Layers => layers.Select(layer => layer.Name);

    /// <summary>Those of them that no recorded forward has run through <c>call</c>.</summary>
    public IEnumerable<string> NeverCalled => layers.Where(layer => !layer.WasCalled).Select(layer => layer.Name);

    /// <summary>How many numbers their parameters have.</summary>
    public long ParameterCount => layers.Sum(layer => layer.Parameters.Sum(parameter => parameter.numel()));

    /// <summary>
    /// Hooks the layers of a stage. A layer that shares a parameter is left out: its gradient would be added apart from that of the others.
    /// </summary>
    public static WeightGradientStore Of<TModel>(TModel model, Stage<TModel> stage)
        where TModel : nn.Module
    {
        var members = StageMembers.Of(model, stage.Segments);
        var tied = TiedNames.Of(model);
        var uses = members.Modules.SelectMany(entry => ParametersOf(entry.Name, entry.Module)).Concat(members.Members.Parameters)
            .GroupBy(entry => tied.KeyOf(entry.Name, entry.Parameter)!.Value)
            .ToDictionary(group => group.Key, group => group.Count());

        var store = new WeightGradientStore();
        foreach (var (name, module) in members.Modules)
        {
            if (module is not (Linear or Convolution)) continue;
            var parameters = ParametersOf(name, module).ToList();
            if (parameters.All(entry => uses[tied.KeyOf(entry.Name, entry.Parameter)!.Value] == 1))
                store.Hook(new Layer(name, (nn.Module<Tensor, Tensor>)module, [.. parameters.Select(entry => entry.Parameter)]));
        }

        return store;

        static IEnumerable<(string Name, Parameter Parameter)> ParametersOf(string name, nn.Module module)
            => module.named_parameters(recurse: false).Select(entry => ($"{name}.{entry.name}", entry.parameter));
    }

    /// <summary>Takes the calls that the calling thread makes until <see cref="EndRecording"/>.</summary>
    public void BeginRecording(List<DeferredCall> into)
    {
        calls = into;
        active = this;
    }

    /// <summary>Lets the layers be again.</summary>
    public void EndRecording()
    {
        active = null;
        // Left over where the layer threw.
        enteredLeaf?.Dispose();
        Leave();
    }

    /// <summary>Takes the hooks away. Leaves the layers alone.</summary>
    public void Dispose()
    {
        foreach (var layer in layers) layer.RemoveHooks!();
        anchor.Dispose();
    }

    private void Hook(Layer layer)
    {
        var before = layer.Module.register_forward_pre_hook((_, input) => Before(layer, input)!);
        var after = layer.Module.register_forward_hook((_, _, output) => After(layer, output)!);
        layer.RemoveHooks = () =>
        {
            before.remove();
            after.remove();
        };
        layers.Add(layer);
    }

    private Tensor? Before(Layer layer, Tensor input)
    {
        if (!ReferenceEquals(active, this) || !is_grad_enabled() || !layer.Parameters.Any(parameter => parameter.requires_grad)) return null;
        (entered, enteredInput) = (layer, input);
        if (!input.requires_grad) return null;
        enteredLeaf = input.detach().DetachFromDisposeScope();
        enteredLeaf.requires_grad_();
        return enteredLeaf;
    }

    private Tensor? After(Layer layer, Tensor output)
    {
        if (!ReferenceEquals(active, this) || !ReferenceEquals(entered, layer)) return null;
        var (input, leaf) = (enteredLeaf is null ? anchor : enteredInput!, enteredLeaf);
        Leave();
        layer.WasCalled = true;
        var call = new DeferredCall(leaf, output, layer.Parameters);
        calls.Add(call);
        return DeferredLayer.apply(input, (output, call));
    }

    private void Leave() => (entered, enteredInput, enteredLeaf) = (null, null, null);

    private sealed class Layer(string name, nn.Module<Tensor, Tensor> module, IReadOnlyList<Parameter> parameters)
    {
        public string Name => name;

        public nn.Module<Tensor, Tensor> Module => module;

        public IReadOnlyList<Parameter> Parameters => parameters;

        public bool WasCalled { get; set; }

        public Action? RemoveHooks { get; set; }
    }
}
