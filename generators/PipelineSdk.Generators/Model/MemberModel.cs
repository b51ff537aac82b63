namespace PipelineSdk.Generators.Model;

/// <summary>How a segment's use of a member is told to the runtime; the names are those of the methods of <c>SegmentMembers</c>.</summary>
internal enum MemberKind
{
    /// <summary>A module or tensor as a whole.</summary>
    Whole,

    /// <summary>Elements of a container that is a module.</summary>
    Elements,

    /// <summary>Elements of an array or list.</summary>
    ListElements,

    /// <summary>Pieces of a submodule that is itself a pipeline class.</summary>
    Pieces,
}

/// <summary>A submodule, parameter or buffer that a segment uses.</summary>
/// <param name="StateName">Its name in the model's <c>state_dict</c>.</param>
/// <param name="Access">The expression that yields it from <c>model</c>.</param>
/// <param name="Kind">How it is told.</param>
/// <param name="Range">The arguments that say which elements, or none.</param>
internal sealed record MemberModel(string StateName, string Access, MemberKind Kind, string Range);
