using System.Reflection;
using TorchSharp.Utils;

namespace TorchSharp;

public static class FieldInfoExtensionMethods
{
    /// <summary>The name under which the field's value is registered: the attribute's, else the field's own.</summary>
    public static string ComponentName(this FieldInfo field)
        => field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
}
