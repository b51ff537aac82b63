using System.Text.Json;
using System.Text.Json.Serialization;

namespace ResNet.Reports;

/// <summary>Writes figures as JSON, aside and renamed.</summary>
internal static class MetricsFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // A loss that left the numbers is a result too.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Write<T>(string path, T value) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, value, Options));
}
