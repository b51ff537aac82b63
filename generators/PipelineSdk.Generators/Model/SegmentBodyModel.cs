namespace PipelineSdk.Generators.Model;

/// <summary>The method that holds the user's statements of one segment.</summary>
/// <param name="MethodName">Its name.</param>
/// <param name="Name">The segment's name for people.</param>
/// <param name="InputType">The boundary class it reads.</param>
/// <param name="OutputType">The boundary class it fills; null for the last segment, which returns the result.</param>
/// <param name="IsDivided">Whether it runs a range of elements, and fills another <paramref name="InputType"/> unless it is the last range.</param>
/// <param name="Statements">Loads of the variables that other segments declare, the user's statements, and what fills the output.</param>
internal sealed record SegmentBodyModel(
    string MethodName,
    string Name,
    string InputType,
    string? OutputType,
    bool IsDivided,
    EquatableArray<StatementModel> Statements);
