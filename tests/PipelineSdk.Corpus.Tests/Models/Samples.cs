using System.Reflection;

namespace PipelineSdk.Corpus.Tests.Models;

/// <summary>One property per model, with what it is fed with; each stands in the model's file.</summary>
internal static partial class Samples
{
    public static IReadOnlyDictionary<string, CorpusCase> All { get; } = typeof(Samples)
        .GetProperties(BindingFlags.Static | BindingFlags.Public)
        .Where(property => property.PropertyType == typeof(CorpusCase))
        .OrderBy(property => property.Name, StringComparer.Ordinal)
        .ToDictionary(property => property.Name, property => (CorpusCase)property.GetValue(null)!);
}
