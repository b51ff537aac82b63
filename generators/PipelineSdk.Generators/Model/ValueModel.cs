namespace PipelineSdk.Generators.Model;

/// <summary>How a value is taken apart to reach its tensors, and rebuilt.</summary>
/// <param name="Type">The declared type, fully qualified, with its nullability.</param>
/// <param name="Display">The declared type, as written in source.</param>
/// <param name="Nullable">Whether the value may be null.</param>
internal abstract record ValueModel(string Type, string Display, bool Nullable)
{
    /// <summary>The type without its <c>?</c>.</summary>
    public string Bare => Nullable && Type.EndsWith("?", StringComparison.Ordinal) ? Type.Substring(0, Type.Length - 1) : Type;

    /// <summary>What an expression that may be null for the compiler needs behind it to fit the declared type.</summary>
    public string Sure => Nullable && Type.EndsWith("?", StringComparison.Ordinal) ? "" : "!";
}

/// <summary>A tensor.</summary>
internal sealed record TensorModel(string Type, string Display, bool Nullable) : ValueModel(Type, Display, Nullable);

/// <summary>A value without tensors, handed on as it is.</summary>
/// <param name="Type">The declared type.</param>
/// <param name="Display">The declared type, as written in source.</param>
/// <param name="Nullable">Whether the value may be null.</param>
/// <param name="IsStruct">Whether it is a value type.</param>
internal sealed record PlainModel(string Type, string Display, bool Nullable, bool IsStruct) : ValueModel(Type, Display, Nullable);

/// <summary>The boundary of a submodule that is itself a pipeline class; never null.</summary>
/// <param name="Type">The declared type.</param>
/// <param name="Display">The declared type, as written in source.</param>
internal sealed record NestedModel(string Type, string Display) : ValueModel(Type, Display, false);
