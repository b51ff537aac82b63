using System.Globalization;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>
/// Modules one after the other. Each intermediate result is disposed as soon as the next module has returned.
/// A slice shares its modules with the whole and keeps their names; disposing the one disposes them for the other.
/// </summary>
public class Sequential : nn.Module<Tensor, Tensor>
{
    private readonly List<nn.IModule<Tensor, Tensor>> _modules = [];
    private readonly List<string> _names = [];

    internal Sequential() : base(nameof(Sequential))
    {
    }

    protected Sequential(params nn.Module<Tensor, Tensor>[] modules) : this()
    {
        foreach (var module in modules) append(module);
    }

    protected Sequential(params (string name, nn.Module<Tensor, Tensor> submodule)[] modules) : this()
    {
        foreach (var (name, module) in modules) append(name, module);
    }

    public int Count => _modules.Count;

    [IndexerName("SequentialItems")]
    public nn.IModule<Tensor, Tensor> this[int index] => _modules[index];

    /// <exception cref="IndexOutOfRangeException">The range reaches beyond the modules.</exception>
    [IndexerName("SequentialItems")]
    public Sequential this[(int? start, int? end) index] => Slice(index.start ?? 0, index.end ?? Count);

    /// <exception cref="IndexOutOfRangeException">The range reaches beyond the modules.</exception>
    [IndexerName("SequentialItems")]
    public Sequential this[Range index]
        => Slice(index.Start.GetOffset(Count), index.End.GetOffset(Count));

    public Sequential append(nn.IModule<Tensor, Tensor> module)
        => append(Count.ToString(CultureInfo.InvariantCulture), module);

    public Sequential append(string name, nn.IModule<Tensor, Tensor> module)
    {
        _modules.Add(module);
        _names.Add(name);
        return this;
    }

    public override Tensor forward(Tensor tensor)
    {
        if (_modules.Count == 0) return Op.Call("aten::alias", tensor);

        var result = _modules[0].call(tensor);
        for (var i = 1; i < _modules.Count; i++)
        {
            var next = _modules[i].call(result);
            result.Dispose();
            result = next;
        }

        return result;
    }

    public override nn.Module apply(Action<nn.Module> fn)
    {
        foreach (var (_, child) in named_children()) child.apply(fn);
        fn(this);
        return this;
    }

    public override void train(bool on = true) => base.train(on);

    public override void eval() => base.eval();

    public override IEnumerable<(string name, nn.Module module)> named_children()
    {
        for (var i = 0; i < _modules.Count; i++) yield return (_names[i], (nn.Module)_modules[i]);
    }

    public override IEnumerable<(string name, nn.Module module)> named_modules()
    {
        foreach (var child in named_children()) yield return child;

        foreach (var (name, child) in named_children())
            foreach (var (inner, module) in child.named_modules())
                yield return ($"{name}.{inner}", module);
    }

    public override IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
    {
        if (!recurse) yield break;

        var seen = new HashSet<nint> { 0 };
        foreach (var (name, child) in named_children())
            foreach (var (inner, parameter) in child.named_parameters(true))
                if (seen.Add(HandleOf(parameter)))
                    yield return ($"{name}.{inner}", parameter);
    }

    public override IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_persistent = true)
    {
        if (!recurse) yield break;

        var seen = new HashSet<nint> { 0 };
        foreach (var (name, child) in named_children())
            foreach (var (inner, buffer) in child.named_buffers(true, include_persistent))
                if (seen.Add(HandleOf(buffer)))
                    yield return ($"{name}.{inner}", buffer);
    }

    protected internal override nn.Module _to(Device device, ScalarType dtype, bool non_blocking)
    {
        foreach (var (_, child) in named_children()) child._to(device, dtype, non_blocking);
        return this;
    }

    protected internal override nn.Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
    {
        foreach (var (_, child) in named_children()) child._to(deviceType, deviceIndex, non_blocking);
        return this;
    }

    protected internal override nn.Module _to(ScalarType dtype, bool non_blocking)
    {
        foreach (var (_, child) in named_children()) child._to(dtype, non_blocking);
        return this;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            foreach (var (_, child) in named_children())
                child.Dispose();
        base.Dispose(disposing);
    }

    private Sequential Slice(int start, int end)
    {
        if (start < 0 || start > Count) throw new IndexOutOfRangeException($"{start} is not a valid index.");
        if (end < 0 || end > Count) throw new IndexOutOfRangeException($"{end} is not a valid index.");

        var slice = new Sequential();
        for (var i = start; i < end; i++) slice.append(_names[i], _modules[i]);
        return slice;
    }
}
