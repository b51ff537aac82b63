namespace PipelineSdk.Partitioning;

/// <summary>What a JSON value is.</summary>
internal enum JsonNodeKind
{
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}
