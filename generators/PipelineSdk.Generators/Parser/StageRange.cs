namespace PipelineSdk.Generators.Parser;

/// <summary>The stages of a member: one, or several in a row where a container is split.</summary>
internal readonly record struct StageRange(int First, int Last)
{
    public bool IsSplit => First != Last;
}
