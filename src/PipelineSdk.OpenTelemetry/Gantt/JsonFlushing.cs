using System.Text.Json;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Keeps a JSON file from gathering in memory.</summary>
internal static class JsonFlushing
{
    private const int FlushBytes = 1 << 16;

    /// <summary>Hands what has gathered on to the stream, where it is much.</summary>
    public static void FlushIfLarge(this Utf8JsonWriter json)
    {
        if (json.BytesPending > FlushBytes) json.Flush();
    }
}
