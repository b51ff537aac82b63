using System.Globalization;
using TorchSharp;

namespace PipelineSdk.Model;

/// <summary>The children of a module as it runs them.</summary>
internal static class ModuleChildren
{
    /// <summary>
    /// The registered children. Of a list whose elements were changed after it was registered, which registers nothing, the elements that it has now.
    /// </summary>
    public static IEnumerable<(string Name, torch.nn.Module Module)> Of(torch.nn.Module module)
    {
        var registered = module.named_children();
        return module is IEnumerable<torch.nn.Module> elements && !elements.SequenceEqual(registered.Select(static child => child.module), ReferenceEqualityComparer.Instance)
            ? elements.Select(static (element, i) => (i.ToString(CultureInfo.InvariantCulture), element))
            : registered;
    }
}
