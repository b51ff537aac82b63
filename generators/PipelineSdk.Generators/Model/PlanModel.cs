using Microsoft.CodeAnalysis.Text;
using PipelineSdk.Model;

namespace PipelineSdk.Generators.Model;

/// <summary>What a plan file in the build says; not what it costs, so that new measurements change nothing here.</summary>
/// <param name="Path">The file.</param>
/// <param name="Model">The class name of the model.</param>
/// <param name="Place">Where the file names it.</param>
/// <param name="Defaults">Schedule, workers and micro-batches.</param>
/// <param name="Segments">The names of the segments, in order.</param>
/// <param name="Stages">The stage of each.</param>
internal sealed record PlanModel(
    string Path, string Model, LinePosition Place, PipelineDefaults Defaults, EquatableArray<string> Segments, EquatableArray<int> Stages)
{
    /// <summary>The file, for people.</summary>
    public string File => System.IO.Path.GetFileName(Path);
}
