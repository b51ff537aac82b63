namespace PipelineSdk.Generators.Model;

/// <summary>Where the user's class stands and how it is named.</summary>
/// <param name="Name">The class name without type parameters, for people.</param>
/// <param name="FullName">The class as other code names it, such as <c>global::Models.Outer.ResNet&lt;T&gt;</c>.</param>
/// <param name="HintName">The start of the names of the generated files, unique per class.</param>
/// <param name="Namespaces">The enclosing namespace declarations as written, outermost first.</param>
/// <param name="Headers">The partial declarations to open, such as <c>partial class Outer</c>; the last is the class itself.</param>
internal sealed record TypeModel(
    string Name,
    string FullName,
    string HintName,
    EquatableArray<string> Namespaces,
    EquatableArray<string> Headers);
