using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace ResNet.CommandLine;

/// <summary>Options that take a number within limits; what is outside is an error that names the limits.</summary>
internal static class Numbers
{
    public static Option<int> Whole(string name, string description, int from, int to, int byDefault) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => byDefault,
        CustomParser = result => ParseWhole(result, name, from, to) ?? byDefault,
    };

    public static Option<int?> OptionalWhole(string name, string description, int from, int to) => new(name)
    {
        Description = description,
        CustomParser = result => ParseWhole(result, name, from, to),
    };

    /// <summary>A finite number above 0.</summary>
    public static Option<double> Positive(string name, string description, double byDefault) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => byDefault,
        CustomParser = result =>
        {
            var text = Text(result);
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value > 0 && double.IsFinite(value))
            {
                return value;
            }

            result.AddError($"{name} takes a number above 0, such as 0.1, not '{text}'.");
            return byDefault;
        },
    };

    private static int? ParseWhole(ArgumentResult result, string name, int from, int to)
    {
        var text = Text(result);
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= from && value <= to)
        {
            return value;
        }

        var limits = to == int.MaxValue ? $"of at least {from}" : $"from {from} to {to}";
        result.AddError($"{name} takes a whole number {limits}, not '{text}'.");
        return null;
    }

    private static string Text(ArgumentResult result) => string.Join(' ', result.Tokens.Select(token => token.Value));
}
