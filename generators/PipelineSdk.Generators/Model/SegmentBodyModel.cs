namespace PipelineSdk.Generators.Model;

/// <summary>The method that holds the user's statements of one segment.</summary>
/// <param name="MethodName">Its name.</param>
/// <param name="Name">The segment's name for people.</param>
/// <param name="InputType">The boundary class it reads.</param>
/// <param name="OutputType">The boundary class it fills; null for the last segment, which returns the result.</param>
/// <param name="Loads">Declarations of the variables that other segments declare.</param>
/// <param name="Statements">The user's statements.</param>
/// <param name="Stores">Assignments that fill the output.</param>
internal sealed record SegmentBodyModel(
    string MethodName,
    string Name,
    string InputType,
    string? OutputType,
    EquatableArray<string> Loads,
    EquatableArray<StatementModel> Statements,
    EquatableArray<string> Stores);
