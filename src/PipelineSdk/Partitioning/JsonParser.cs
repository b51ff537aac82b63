using System.Text;
using static System.FormattableString;

namespace PipelineSdk.Partitioning;

/// <summary>Reads JSON (RFC 8259) with the place of every value.</summary>
/// <remarks>Own code because the generator, which reads plans too, runs inside compilers that need not have a JSON
/// library.</remarks>
internal sealed class JsonParser
{
    private const int MostDepth = 32;
    private readonly string text;
    private int at;
    private int line = 1;
    private int lineStart;

    private JsonParser(string text) => this.text = text;

    private char Current => at < text.Length ? text[at] : '\0';

    /// <summary>Reads one value that is the whole text.</summary>
    /// <exception cref="PlanFormatException">The text is no JSON.</exception>
    public static JsonNode Parse(string text)
    {
        var parser = new JsonParser(text);
        if (text.Length > 0 && text[0] == '\uFEFF')
        {
            parser.at = parser.lineStart = 1;
        }

        parser.SkipBlanks();
        var value = parser.ReadValue(0);
        parser.SkipBlanks();
        return parser.at == text.Length ? value : throw parser.Fault("the end of the text");
    }

    private JsonNode ReadValue(int depth)
    {
        if (depth > MostDepth)
        {
            throw new PlanFormatException(Invariant($"Values are nested more than {MostDepth} deep."), line, at - lineStart + 1);
        }

        return Current switch
        {
            '{' => ReadObject(depth),
            '[' => ReadArray(depth),
            '"' => ReadString(),
            '-' or (>= '0' and <= '9') => ReadNumber(),
            't' => ReadWord("true", JsonNodeKind.Boolean),
            'f' => ReadWord("false", JsonNodeKind.Boolean),
            'n' => ReadWord("null", JsonNodeKind.Null),
            _ => throw Fault("a value"),
        };
    }

    private JsonNode ReadObject(int depth)
    {
        var node = Node(JsonNodeKind.Object, "");
        at++;
        SkipBlanks();
        while (Current != '}')
        {
            if (Current != '"')
            {
                throw Fault("a property's name in quotes");
            }

            var name = ReadString();
            if (node.Has(name.Text))
            {
                throw name.Fault($"The property \"{name.Text}\" is there twice.");
            }

            SkipBlanks();
            Expect(':');
            node.Add(name.Text, ReadValue(depth + 1));
            SkipBlanks();
            ReadComma('}');
        }

        at++;
        return node;
    }

    private JsonNode ReadArray(int depth)
    {
        var node = Node(JsonNodeKind.Array, "");
        at++;
        SkipBlanks();
        while (Current != ']')
        {
            node.Items.Add(ReadValue(depth + 1));
            SkipBlanks();
            ReadComma(']');
        }

        at++;
        return node;
    }

    private void ReadComma(char end)
    {
        if (Current == end)
        {
            return;
        }

        if (Current != ',')
        {
            throw Fault("',' or '" + end + "'");
        }

        at++;
        SkipBlanks();
        if (Current == end)
        {
            throw Fault("a value after the comma");
        }
    }

    private JsonNode ReadString()
    {
        int column = at - lineStart + 1;
        var content = new StringBuilder();
        at++;
        while (Current != '"')
        {
            if (at >= text.Length || Current < ' ')
            {
                throw Fault("the end of the string");
            }

            content.Append(Current == '\\' ? ReadEscape() : text[at++]);
        }

        at++;
        return new JsonNode(JsonNodeKind.String, content.ToString(), line, column);
    }

    private char ReadEscape()
    {
        at++;
        char escape = Current;
        if (escape == 'u')
        {
            return ReadCodeUnit();
        }

        char read = escape switch
        {
            '"' or '\\' or '/' => escape,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw Fault("an escape sequence"),
        };
        at++;
        return read;
    }

    private char ReadCodeUnit()
    {
        int code = 0;
        at++;
        for (int i = 0; i < 4; i++)
        {
            int digit = Current switch
            {
                >= '0' and <= '9' => Current - '0',
                >= 'a' and <= 'f' => Current - 'a' + 10,
                >= 'A' and <= 'F' => Current - 'A' + 10,
                _ => throw Fault("a hexadecimal digit"),
            };
            code = (16 * code) + digit;
            at++;
        }

        return (char)code;
    }

    private JsonNode ReadNumber()
    {
        int start = at;
        int column = at - lineStart + 1;
        at += Current == '-' ? 1 : 0;
        if (Current == '0')
        {
            at++;
        }
        else
        {
            ReadDigits();
        }

        if (Current == '.')
        {
            at++;
            ReadDigits();
        }

        if (Current is 'e' or 'E')
        {
            at++;
            at += Current is '+' or '-' ? 1 : 0;
            ReadDigits();
        }

        return new JsonNode(JsonNodeKind.Number, text.Substring(start, at - start), line, column);
    }

    private void ReadDigits()
    {
        if (Current is < '0' or > '9')
        {
            throw Fault("a digit");
        }

        while (Current is >= '0' and <= '9')
        {
            at++;
        }
    }

    private JsonNode ReadWord(string word, JsonNodeKind kind)
    {
        var node = Node(kind, word);
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0)
        {
            throw Fault("a value");
        }

        at += word.Length;
        return node;
    }

    private void Expect(char expected)
    {
        if (Current != expected)
        {
            throw Fault("'" + expected + "'");
        }

        at++;
        SkipBlanks();
    }

    private void SkipBlanks()
    {
        while (Current is ' ' or '\t' or '\n' or '\r')
        {
            at++;
            if (text[at - 1] == '\n')
            {
                line++;
                lineStart = at;
            }
        }
    }

    private JsonNode Node(JsonNodeKind kind, string content) => new(kind, content, line, at - lineStart + 1);

    private PlanFormatException Fault(string expected)
    {
        string found = at >= text.Length ? "the end of the text" : Current < ' ' ? "the end of the line or a control character" : "'" + Current + "'";
        return new PlanFormatException($"Expected {expected}, found {found}.", line, at - lineStart + 1);
    }
}
