using System.Globalization;
using PipelineSdk.Generators.Model;
using PipelineSdk.Model;
using static PipelineSdk.Generators.Emitter.GeneratedFile;

namespace PipelineSdk.Generators.Emitter;

/// <summary>Writes the file that implements the contract: boundaries, segments and blueprint, without the user's statements.</summary>
internal static class BlueprintEmitter
{
    public static string Emit(PipelineModel model)
    {
        var self = model.Type.FullName;
        var writer = new SourceWriter();
        Header(writer, $"How {model.Type.Name}.forward is cut into pipeline segments.");
        writer.Line();
        writer.Line("// Types of the user's that are marked obsolete were reported where they were written.");
        writer.Line("#pragma warning disable CS0612, CS0618");

        // partial class ResNet20 : IPipelineModel<ResNet20>
        // {
        //     static PipelineBlueprint<ResNet20> IPipelineModel<ResNet20>.Blueprint => PipelineParts.Blueprint.Instance;
        GeneratedFile.Open(writer, model.Type, baseList: $" : {Contract}.IPipelineModel<{self}>");
        writer.Line("/// <inheritdoc/>");
        writer.Line(GeneratedCode);
        writer.Line($"static {Contract}.PipelineBlueprint<{self}> {Contract}.IPipelineModel<{self}>.Blueprint");
        writer.Indent();
        writer.Line(model.Segments.Count > 0
            ? $"=> {model.PartsName}.Blueprint.Instance;"
            : "=> throw new global::System.NotSupportedException("
                + Literal($"{model.Type.Name} could not be cut at compile time; the build's PSDK errors say why.") + ");");
        writer.Unindent();

        if (model.Segments.Count > 0)
        {
            writer.Line();
            writer.Line("/// <summary>What <c>forward</c> is cut into: a class per segment, and a class per set of values between two of them.</summary>");
            writer.Line(GeneratedCode);
            writer.Line(Hidden);
            writer.Open($"private static class {model.PartsName}");
            for (var i = 0; i < model.Boundaries.Count; i++)
            {
                if (i > 0) writer.Line();
                BoundaryEmitter.Emit(writer, model.Boundaries[i]);
            }

            for (var i = 0; i < model.Segments.Count; i++)
            {
                writer.Line();
                SegmentEmitter.Emit(writer, model, i);
            }

            writer.Line();
            Blueprint(writer, model);
            writer.Close();
        }

        Close(writer, model.Type);
        return writer.ToString();
    }

    // internal sealed class Blueprint : PipelineBlueprint<ResNet20>
    // {
    //     public static readonly Blueprint Instance = new();
    //     public override IReadOnlyList<PipelineSegment<ResNet20>> Segments => segments;
    //     public override Boundary BindInputs(ModelInputs inputs) { ... }
    //     public override object? GetResult(Boundary output) => ((ResultBoundary)output).result;
    // }
    private static void Blueprint(SourceWriter writer, PipelineModel model)
    {
        var self = model.Type.FullName;
        var name = Literal(model.Type.Name);
        writer.Line("/// <summary>The segments in order, and how the arguments and the result of <c>forward</c> look.</summary>");
        writer.Open($"internal sealed class Blueprint : {Contract}.PipelineBlueprint<{self}>");
        writer.Line("/// <summary>The only instance: it has no state.</summary>");
        writer.Line("public static readonly Blueprint Instance = new Blueprint();");
        writer.Line();
        writer.Line($"private static readonly {Contract}.PipelineSegment<{self}>[] segments =");
        writer.Open();
        foreach (var instance in model.Segments.SelectMany(SegmentEmitter.Instances)) writer.Line(instance + ",");
        writer.Close("};");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override string ModelName => {name};");
        writer.Line();
        if (model.Defaults != PipelineDefaults.None) Defaults(writer, model.Defaults);
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override global::System.Collections.Generic.IReadOnlyList<{Contract}.PipelineSegment<{self}>> Segments => segments;");
        writer.Line();
        var inputs = model.Boundaries[0].TypeName;
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override global::System.Collections.Generic.IReadOnlyList<{Contract}.BoundarySlot> Inputs => {inputs}.Slots;");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public override {Contract}.Boundary BindInputs({Contract}.ModelInputs inputs)");
        writer.Line(string.Format(CultureInfo.InvariantCulture, "inputs.RequireCount({0}, {1});", name, model.Parameters.Count));
        writer.Line($"var bound = new {inputs}();");
        for (var i = 0; i < model.Parameters.Count; i++)
        {
            var parameter = model.Parameters[i];
            writer.Line(string.Format(
                CultureInfo.InvariantCulture,
                "var {0} = inputs.Get<{1}>({2}, {3}, {4});",
                parameter.Local,
                parameter.Type,
                name,
                i,
                Literal(parameter.Name)));
            foreach (var store in parameter.Stores) writer.Line(store);
        }

        writer.Line("return bound;");
        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open($"public override object? GetResult({Contract}.Boundary output)");
        writer.Line($"var filled = ({model.Boundaries[model.Boundaries.Count - 1].TypeName})output;");
        writer.Lines($"return {model.Result};");
        writer.Close();
        writer.Close();
    }

    // public override PipelineDefaults Defaults { get; } = new PipelineDefaults { Schedule = "1F1B", Workers = 4 };
    private static void Defaults(SourceWriter writer, PipelineDefaults defaults)
    {
        var settings = new List<string>();
        if (defaults.Schedule is { } schedule) settings.Add($"Schedule = {Literal(schedule)}");
        if (defaults.Workers is { } workers) settings.Add("Workers = " + workers.ToString(CultureInfo.InvariantCulture));
        if (defaults.MicroBatches is { } microBatches) settings.Add("MicroBatches = " + microBatches.ToString(CultureInfo.InvariantCulture));
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override {Contract}.PipelineDefaults Defaults {{ get; }} = new {Contract}.PipelineDefaults {{ {string.Join(", ", settings)} }};");
        writer.Line();
    }
}
