namespace PipelineSdk.Diagnostics;

/// <summary>Boxed small integers: indices are the attributes of every span, and boxing each would be most of what a span allocates.</summary>
internal static class Boxes
{
    private static readonly object[] Small = [.. Enumerable.Range(0, 256).Select(value => (object)value)];

    public static object Of(int value) => (uint)value < (uint)Small.Length ? Small[value] : value;
}
