namespace PipelineSdk.Generators.Model;

/// <summary>One segment class. It takes the boundary of its own number and fills the next one.</summary>
/// <param name="TypeName">Its name.</param>
/// <param name="MethodName">The method that holds the user's statements.</param>
/// <param name="Name">A name for people.</param>
/// <param name="PinnedStage">The stage the user pinned it to, or null.</param>
/// <param name="Uses">For each input slot, whether the statements mention it.</param>
/// <param name="Members">What the statements use of the model.</param>
/// <param name="Division">How it is divided by elements, or null.</param>
internal sealed record SegmentModel(
    string TypeName,
    string MethodName,
    string Name,
    int? PinnedStage,
    EquatableArray<bool> Uses,
    EquatableArray<MemberModel> Members,
    DivisionModel? Division);
