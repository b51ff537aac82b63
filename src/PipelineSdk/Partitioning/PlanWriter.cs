using System.Globalization;
using System.Text;

namespace PipelineSdk.Partitioning;

/// <summary>Writes the text of a plan, line by line.</summary>
internal sealed class PlanWriter
{
    private readonly StringBuilder text = new();

    public static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    public static string Quote(string value)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in value)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\u2028' or '\u2029' => "\\u" + ((int)c).ToString("x4", CultureInfo.InvariantCulture),
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    public static string Segment(SegmentCosts segment) =>
        $"{{ \"name\": {Quote(segment.Name)}, \"forward\": {Number(segment.Forward)}, \"inputGradient\": {Number(segment.InputGradient)}, "
        + $"\"weightGradient\": {Number(segment.WeightGradient)}, \"outputBytes\": {Number(segment.OutputBytes)}, "
        + $"\"activationBytes\": {Number(segment.ActivationBytes)}, \"parameterBytes\": {Number(segment.ParameterBytes)}, "
        + $"\"stateBytes\": {Number(segment.StateBytes)}"
        + (segment.PinnedStage is int stage ? $", \"pinnedStage\": {Number((long)stage)}" : "")
        + (segment.CanCutAfter ? "" : ", \"canCutAfter\": false") + " }";

    public void Line(int depth, string line) => text.Append(' ', 2 * depth).Append(line).Append('\n');

    /// <summary>Writes an array, an item a line.</summary>
    public void List(int depth, string name, IEnumerable<string> items, bool last)
    {
        var lines = items.ToList();
        Line(depth, $"\"{name}\": [");
        for (int i = 0; i < lines.Count; i++)
        {
            Line(depth + 1, lines[i] + (i + 1 < lines.Count ? "," : ""));
        }

        Line(depth, last ? "]" : "],");
    }

    public override string ToString() => text.ToString();
}
