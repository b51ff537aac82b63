using Microsoft.Extensions.Logging;
using PipelineSdk.Execution;

namespace PipelineSdk.Diagnostics;

/// <summary>Warns once per pipeline when listeners of its telemetry throw.</summary>
internal sealed class ListenerWarning(ILogger logger, string pipeline)
{
    private readonly long before = PipelineTelemetry.ListenerFaults;
    private bool warned;

    /// <summary>Looks whether there is something to warn of; after every step.</summary>
    public void Look()
    {
        if (warned || PipelineTelemetry.ListenerFaults == before) return;
        warned = true;
        PipelineLog.ListenerFailed(logger, pipeline, PipelineTelemetry.LastListenerFault);
    }
}
