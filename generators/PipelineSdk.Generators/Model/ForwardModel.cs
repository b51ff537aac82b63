namespace PipelineSdk.Generators.Model;

/// <summary>The user's statements, cut into segments, with their positions: what changes when lines move.</summary>
/// <param name="Type">The user's class.</param>
/// <param name="PartsName">The nested class that holds all generated types.</param>
/// <param name="FilePath">The user's file.</param>
/// <param name="Usings">The using directives in force: those of the file, then those of each namespace declaration.</param>
/// <param name="Unsafe">Whether the statements stand in an unsafe context.</param>
/// <param name="ResultType">The type that <c>forward</c> returns, fully qualified.</param>
/// <param name="Input">The name of the parameter that holds the input boundary.</param>
/// <param name="Output">The name of the parameter that holds the output boundary.</param>
/// <param name="Start">The name of the parameter that holds a range's first element.</param>
/// <param name="End">The name of the parameter that holds the first element that is left out.</param>
/// <param name="Segments">The segments, in order.</param>
internal sealed record ForwardModel(
    TypeModel Type,
    string PartsName,
    string FilePath,
    EquatableArray<EquatableArray<string>> Usings,
    bool Unsafe,
    string ResultType,
    string Input,
    string Output,
    string Start,
    string End,
    EquatableArray<SegmentBodyModel> Segments);
