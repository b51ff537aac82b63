using System.Reflection.Metadata;
using Microsoft.CodeAnalysis.Emit;
using PipelineSdk.Generators.Tests.Harness;

namespace PipelineSdk.Generators.Tests;

/// <summary>The debug information of a segment points into the user's file: a breakpoint in forward binds there too.</summary>
public sealed class DebuggingTests
{
    [Fact]
    public void Each_statement_of_forward_has_a_sequence_point_in_its_segment()
    {
        var generation = Generation.Of(ModelSources.Read("LongSkip"), ModelSources.Usings);
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = generation.Output.WithOptions(generation.Output.Options.WithOptimizationLevel(Microsoft.CodeAnalysis.OptimizationLevel.Debug))
            .Emit(code, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb));
        Assert.True(emitted.Success);
        code.Position = symbols.Position = 0;
        using var image = new System.Reflection.PortableExecutable.PEReader(code);
        using var provider = MetadataReaderProvider.FromPortablePdbStream(symbols);
        var (metadata, pdb) = (image.GetMetadataReader(), provider.GetMetadataReader());

        var inForward = PointsOf(name => name == "forward").Where(point => point.StartLine != point.EndLine || point.EndColumn - point.StartColumn > 1);
        var inSegments = PointsOf(name => name.StartsWith("PipelineSegment", StringComparison.Ordinal));
        Assert.NotEmpty(inSegments);
        Assert.Equal(inForward, inSegments);

        List<(string Document, int StartLine, int StartColumn, int EndLine, int EndColumn)> PointsOf(Func<string, bool> isWanted)
        {
            var points = new List<(string, int, int, int, int)>();
            foreach (var handle in metadata.MethodDefinitions)
            {
                if (!isWanted(metadata.GetString(metadata.GetMethodDefinition(handle).Name))) continue;
                foreach (var point in pdb.GetMethodDebugInformation(handle.ToDebugInformationHandle()).GetSequencePoints().Where(point => !point.IsHidden))
                {
                    var document = pdb.GetString(pdb.GetDocument(point.Document).Name);
                    points.Add((document, point.StartLine, point.StartColumn, point.EndLine, point.EndColumn));
                }
            }

            return points;
        }
    }
}
