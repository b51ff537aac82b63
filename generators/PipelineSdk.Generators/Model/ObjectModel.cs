namespace PipelineSdk.Generators.Model;

/// <summary>A tuple, struct, record or class that holds tensors.</summary>
/// <param name="Type">The declared type.</param>
/// <param name="Display">The declared type, as written in source.</param>
/// <param name="Nullable">Whether the value may be null.</param>
/// <param name="IsStruct">Whether it is a value type.</param>
/// <param name="Parts">What it is taken apart into.</param>
/// <param name="Recipe">How it is put together from the parts.</param>
internal sealed record ObjectModel(
    string Type, string Display, bool Nullable, bool IsStruct, EquatableArray<PartModel> Parts, RecipeModel Recipe)
    : ValueModel(Type, Display, Nullable);

/// <summary>A property, field or tuple element.</summary>
/// <param name="Name">Its name for people.</param>
/// <param name="Access">Its name in code.</param>
/// <param name="Value">What it holds.</param>
internal sealed record PartModel(string Name, string Access, ValueModel Value);

/// <summary>Puts an object together.</summary>
/// <param name="Type">The type to construct; empty for a tuple.</param>
/// <param name="Arguments">The constructor's arguments.</param>
/// <param name="Initializers">What an object initializer sets.</param>
internal sealed record RecipeModel(string Type, EquatableArray<SettingModel> Arguments, EquatableArray<SettingModel> Initializers)
{
    // Longer expressions are written over several lines.
    private const int Width = 100;

    /// <summary>The expression that builds the object from an expression for each part.</summary>
    public string Compose(IReadOnlyList<string> parts)
    {
        var arguments = Arguments.Select(argument => argument.Write(parts)).ToList();
        var initializers = Initializers.Select(initializer => initializer.Write(parts)).ToList();
        var start = Type.Length == 0 ? "" : "new " + Type;
        var isLong = start.Length + arguments.Concat(initializers).Sum(item => item.Length + 2) > Width
            || arguments.Concat(initializers).Any(item => item.Contains('\n'));
        if (arguments.Count > 0 || initializers.Count == 0)
        {
            start += isLong && arguments.Count > 0 ? $"({string.Concat(arguments.Select((item, i) => (i > 0 ? "," : "") + Indent(item)))})"
                : $"({string.Join(", ", arguments)})";
        }

        return initializers.Count == 0 ? start
            : isLong ? $"{start}\n{{{string.Concat(initializers.Select(item => Indent(item) + ","))}\n}}"
            : $"{start} {{ {string.Join(", ", initializers)} }}";
    }

    /// <summary>Text on lines of its own, further right.</summary>
    public static string Indent(string text) => "\n    " + text.Replace("\n", "\n    ");
}

/// <summary>Where a part goes.</summary>
/// <param name="Prefix">What stands before its value, such as <c>Mask = </c>.</param>
/// <param name="Part">The number of the part.</param>
/// <param name="Suffix">What stands behind it: <c>!</c> where the part may be null and what takes it says that it never is.</param>
internal sealed record SettingModel(string Prefix, int Part, string Suffix = "")
{
    public string Write(IReadOnlyList<string> parts) => Prefix + parts[Part] + Suffix;
}
