using System.Globalization;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>A JSON value with its place in the text, so that every fault can be pointed at. Reading marks what was
/// used.</summary>
internal sealed class JsonNode
{
    private readonly List<(string Name, JsonNode Value)> properties;
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    public JsonNode(JsonNodeKind kind, string text, int line, int column)
    {
        Kind = kind;
        Text = text;
        Line = line;
        Column = column;
        Items = [];
        properties = [];
    }

    public JsonNodeKind Kind { get; }

    /// <summary>The string's content, or the text of a number, true, false or null.</summary>
    public string Text { get; }

    public int Line { get; }

    public int Column { get; }

    public List<JsonNode> Items { get; }

    public void Add(string name, JsonNode value) => properties.Add((name, value));

    public bool Has(string name) => properties.Exists(property => property.Name == name);

    public PlanFormatException Fault(string reason) => new(reason, Line, Column);

    public JsonNode Property(string name)
    {
        Require(JsonNodeKind.Object, "an object");
        used.Add(name);
        int at = properties.FindIndex(property => property.Name == name);
        return at >= 0 ? properties[at].Value : throw Fault($"The property \"{name}\" is missing.");
    }

    /// <summary>Refuses properties that nothing asked for: a misspelt one would otherwise be lost.</summary>
    public void NothingElse()
    {
        foreach (var (name, value) in properties)
        {
            if (!used.Contains(name))
            {
                throw value.Fault($"There is no property \"{name}\" here. There are: {string.Join(", ", used.OrderBy(known => known, StringComparer.Ordinal))}.");
            }
        }
    }

    public List<JsonNode> Array()
    {
        Require(JsonNodeKind.Array, "an array");
        return Items;
    }

    public string String()
    {
        Require(JsonNodeKind.String, "a string");
        return Text;
    }

    public int Integer(int least)
    {
        Require(JsonNodeKind.Number, "a number");
        return int.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least
            ? value
            : throw Fault(Invariant($"Expected a whole number from {least} on, found {Text}."));
    }

    public long Bytes()
    {
        Require(JsonNodeKind.Number, "a number");
        return long.TryParse(Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= 0
            ? value
            : throw Fault($"Expected a whole number of bytes, at least 0, found {Text}.");
    }

    public double Number()
    {
        Require(JsonNodeKind.Number, "a number");
        return double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= 0 && !double.IsInfinity(value)
            ? value
            : throw Fault($"Expected a number of at least 0, found {Text}.");
    }

    public bool Boolean()
    {
        Require(JsonNodeKind.Boolean, "true or false");
        return Text == "true";
    }

    private void Require(JsonNodeKind kind, string expected)
    {
        if (Kind != kind)
        {
            throw Fault($"Expected {expected}, found {Kind switch
            {
                JsonNodeKind.Object => "an object",
                JsonNodeKind.Array => "an array",
                JsonNodeKind.String => "a string",
                _ => Text,
            }}.");
        }
    }
}
