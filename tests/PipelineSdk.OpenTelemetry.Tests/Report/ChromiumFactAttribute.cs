namespace PipelineSdk.OpenTelemetry.Tests.Report;

/// <summary>A promise that only a browser can keep; skipped, and counted as skipped, where there is none.</summary>
internal sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (Browser.Program is null) Skip = "needs a Chromium in the PATH (Debian: apt-get install chromium)";
    }
}
