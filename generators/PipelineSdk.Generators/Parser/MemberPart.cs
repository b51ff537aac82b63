namespace PipelineSdk.Generators.Parser;

/// <summary>A member, or a range of its elements, that a step uses.</summary>
/// <param name="Member">The member.</param>
/// <param name="Element">The constant index of the element that is used, from the end where negative; null for the whole member.</param>
internal sealed record MemberPart(ModelMember Member, int? Element = null)
{
    /// <summary>Whether both may be the same element.</summary>
    public bool Overlaps(MemberPart other) => Member == other.Member
        && (Element == other.Element || Element is null || other.Element is null || Element < 0 != other.Element < 0);
}
