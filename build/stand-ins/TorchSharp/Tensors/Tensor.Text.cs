using System.Globalization;
using System.Text;

namespace TorchSharp;

public static partial class torch
{
    public const TensorStringStyle julia = TensorStringStyle.Julia;
    public const TensorStringStyle numpy = TensorStringStyle.Numpy;
    public const TensorStringStyle csharp = TensorStringStyle.CSharp;

    public static TensorStringStyle TensorStringStyle { get; set; } = TensorStringStyle.Julia;

    // One form serves every style but the metadata: the values as NumPy writes them, long dimensions cut in the middle.
    public partial class Tensor
    {
        private const int Edge = 3;
        private const int Longest = 12;

        public override string ToString() => $"[{string.Join('x', shape)}], type = {dtype}, device = {device}";

        public string ToString(
            bool disamb,
            string? fltFormat = null,
            int? width = null,
            CultureInfo? cultureInfo = null,
            string? newLine = null) =>
            disamb ? ToString(TensorStringStyle, fltFormat, width, cultureInfo, newLine) : ToString();

        public string ToString(
            TensorStringStyle style,
            string? fltFormat = null,
            int? width = null,
            CultureInfo? cultureInfo = null,
            string? newLine = null)
        {
            if (style == TensorStringStyle.Metadata) return ToString();
            var text = new StringBuilder();
            if (style != TensorStringStyle.Numpy) text.Append(ToString()).Append(newLine ?? Environment.NewLine);
            using var here = NewDisposeScope();
            var values = detach().cpu().contiguous();
            Append(values, (int)ndim, fltFormat ?? "g5", cultureInfo ?? CultureInfo.CurrentCulture, newLine ?? Environment.NewLine, text);
            return text.ToString();
        }

        private static void Append(Tensor part, int whole, string format, CultureInfo culture, string newLine, StringBuilder text)
        {
            if (part.ndim == 0)
            {
                text.Append(part.dtype == ScalarType.Bool
                    ? part.ToBoolean().ToString()
                    : part.is_integral() ? part.ToInt64().ToString(culture) : part.ToDouble().ToString(format, culture));
                return;
            }

            var length = part.size(0);
            var separator = part.ndim == 1 ? ", " : newLine + new string(' ', whole - (int)part.ndim + 1);
            text.Append('[');
            for (var i = 0L; i < length; i++)
            {
                if (i > 0) text.Append(separator);
                if (length > Longest && i == Edge)
                {
                    text.Append("...").Append(separator);
                    i = length - Edge;
                }

                using var element = part.select(0, i);
                Append(element, whole, format, culture, newLine, text);
            }

            text.Append(']');
        }
    }
}
