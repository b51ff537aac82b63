using System.Text;

namespace PipelineSdk.OpenTelemetry;

/// <summary>Names as users chose them, made safe to write.</summary>
internal static class PlainText
{
    /// <summary>Replaces what neither XML nor JSON can carry, such as control characters and half surrogates, by U+FFFD.</summary>
    public static string Of(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var carried = rune.Value is '\t' or '\n' or >= 0x20 and not (0xFFFE or 0xFFFF or 0x7F);
            clean.Append(carried ? rune.ToString() : "\uFFFD");
        }

        return clean.ToString();
    }
}
