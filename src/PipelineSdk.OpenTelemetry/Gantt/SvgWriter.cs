using System.Globalization;
using System.Xml;

namespace PipelineSdk.OpenTelemetry;

/// <summary>The few SVG elements that the charts need, with numbers to a hundredth of a pixel.</summary>
internal sealed class SvgWriter(XmlWriter xml)
{
    private const string Namespace = "http://www.w3.org/2000/svg";

    public void BeginPicture(double width, double height, string title, string description, string style)
    {
        xml.WriteStartElement("svg", Namespace);
        Attribute("viewBox", $"0 0 {Number(width)} {Number(height)}");
        Attribute("width", Number(width));
        Attribute("height", Number(height));
        Attribute("style", "max-width:100%;height:auto");
        Attribute("role", "img");
        TextElement("title", title);
        TextElement("desc", description);
        TextElement("style", style);
    }

    public void EndPicture() => xml.WriteEndElement();

    public void BeginGroup(string cssClass, string? tooltip = null)
    {
        xml.WriteStartElement("g", Namespace);
        Attribute("class", cssClass);
        if (tooltip is not null) TextElement("title", tooltip);
    }

    public void EndGroup() => xml.WriteEndElement();

    public void Rectangle(double x, double y, double width, double height, string cssClass, string? fill = null, double radius = 0)
    {
        xml.WriteStartElement("rect", Namespace);
        Attribute("class", cssClass);
        Attribute("x", Number(x));
        Attribute("y", Number(y));
        Attribute("width", Number(width));
        Attribute("height", Number(height));
        if (radius > 0) Attribute("rx", Number(radius));
        if (fill is not null) Attribute("fill", fill);
        xml.WriteEndElement();
    }

    public void Line(double x1, double y1, double x2, double y2, string cssClass)
    {
        xml.WriteStartElement("line", Namespace);
        Attribute("class", cssClass);
        Attribute("x1", Number(x1));
        Attribute("y1", Number(y1));
        Attribute("x2", Number(x2));
        Attribute("y2", Number(y2));
        xml.WriteEndElement();
    }

    public void Text(double x, double y, string text, string cssClass, string anchor = "start")
    {
        xml.WriteStartElement("text", Namespace);
        Attribute("class", cssClass);
        Attribute("x", Number(x));
        Attribute("y", Number(y));
        if (anchor != "start") Attribute("text-anchor", anchor);
        xml.WriteString(PlainText.Of(text));
        xml.WriteEndElement();
    }

    private static string Number(double value) => Math.Round(value, 2).ToString("0.##", CultureInfo.InvariantCulture);

    private void TextElement(string name, string text)
    {
        xml.WriteStartElement(name, Namespace);
        xml.WriteString(PlainText.Of(text));
        xml.WriteEndElement();
    }

    private void Attribute(string name, string value) => xml.WriteAttributeString(name, value);
}
