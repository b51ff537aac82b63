namespace PipelineSdk.Model;

/// <summary>Names types for people.</summary>
internal static class TypeName
{
    /// <summary><c>List&lt;Tensor&gt;</c> where the framework says <c>List`1</c>; without namespaces.</summary>
    public static string Of(Type type)
    {
        if (type.IsArray) return Of(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0
            ? type.Name
            : $"{type.Name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
