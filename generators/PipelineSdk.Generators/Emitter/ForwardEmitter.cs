using System.Globalization;
using PipelineSdk.Generators.Model;
using static PipelineSdk.Generators.Emitter.GeneratedFile;

namespace PipelineSdk.Generators.Emitter;

/// <summary>Writes the file that holds the user's statements, one method per segment, with <c>#line</c> back to the source.</summary>
internal static class ForwardEmitter
{
    public static string Emit(ForwardModel model)
    {
        var writer = new SourceWriter();
        Header(writer, $"The statements of {model.Type.Name}.forward, segment by segment.");
        writer.Line();
        writer.Line("// Whatever there is to warn about is reported in forward itself; here it would come twice.");
        writer.Line("#nullable enable annotations");
        writer.Line("#nullable disable warnings");
        writer.Line("#pragma warning disable");
        writer.Line();
        GeneratedFile.Open(writer, model.Type, model.Usings);
        for (var i = 0; i < model.Segments.Count; i++)
        {
            if (i > 0) writer.Line();
            Segment(writer, model, model.Segments[i]);
        }

        Close(writer, model.Type);
        return writer.ToString();
    }

    // private void PipelineSegment0(PipelineParts.InputBoundary input, PipelineParts.Cut1 output)
    // {
    // #line hidden
    //     Tensor x = input.x!;
    // #line (14, 9) - (14, 31) 12 "ResNet20.cs"
    //     x = stem.forward(x);
    // #line hidden
    //     output.x = x;
    // }
    // #line default
    private static void Segment(SourceWriter writer, ForwardModel model, SegmentBodyModel segment)
    {
        var output = segment.OutputType is null ? ""
            : segment.IsDivided ? $", {Contract}.Boundary {model.Output}, int {model.Start}, int {model.End}"
            : $", {model.PartsName}.{segment.OutputType} {model.Output}";
        writer.Line(segment.Name.Length == 0
            ? "/// <summary>Statements that use no member.</summary>"
            : $"/// <summary>The statements of the segment {Xml(segment.Name)}.</summary>");
        writer.Line(GeneratedCode);
        writer.Line(Hidden);
        writer.Line(
            $"private {(model.Unsafe ? "unsafe " : "")}{(segment.OutputType is null ? model.ResultType : "void")} "
            + $"{segment.MethodName}({model.PartsName}.{segment.InputType} {model.Input}{output})");
        var mapped = IsNameable(model.FilePath);
        if (mapped) writer.Raw("#line hidden");
        writer.Open();
        var hidden = true;
        foreach (var statement in segment.Statements)
        {
            for (var i = 0; i < statement.Depth; i++) writer.Indent();
            if (mapped && statement.Span is { } span)
            {
                writer.Raw(Directive(span, writer.Indentation + statement.Prefix.Length, model.FilePath));
                hidden = false;
            }
            else if (mapped && !hidden)
            {
                writer.Raw("#line hidden");
                hidden = true;
            }

            var text = statement.Prefix + statement.Text + statement.Suffix;
            if (statement.Span is null) writer.Lines(text);
            else writer.Line(text);
            for (var i = 0; i < statement.Depth; i++) writer.Unindent();
        }

        if (mapped && !hidden) writer.Raw("#line hidden");
        writer.Close();
        if (mapped) writer.Raw("#line default");
    }

    private static string Directive(SourceSpan span, int offset, string path) => string.Format(
        CultureInfo.InvariantCulture,
        "#line ({0}, {1}) - ({2}, {3}) {4} \"{5}\"",
        span.StartLine,
        span.StartColumn,
        span.EndLine,
        span.EndColumn,
        offset,
        path);

    // A #line directive has no escapes: a name with a quote or a line break in it can't be written.
    private static bool IsNameable(string path) => path.Length > 0 && path.IndexOfAny(['"', '\n', '\r']) < 0;
}
