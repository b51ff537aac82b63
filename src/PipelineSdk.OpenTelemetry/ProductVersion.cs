using System.Reflection;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>The version that the source, the meters and files name.</summary>
internal static class ProductVersion
{
    public static readonly string? Value =
        typeof(StepTimeline).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
}
