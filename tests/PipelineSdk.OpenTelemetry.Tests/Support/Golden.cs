using System.Runtime.CompilerServices;
using System.Text;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>Files as they were approved. PIPELINESDK_APPROVE=1 writes them anew, into the source folder, for a look at the difference.</summary>
internal static class Golden
{
    public static void AssertEqual(string name, string actual, [CallerFilePath] string caller = "")
    {
        if (Environment.GetEnvironmentVariable("PIPELINESDK_APPROVE") == "1")
        {
            File.WriteAllText(Path.Combine(Path.GetDirectoryName(caller)!, "Golden", name), actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        }
        else
        {
            Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Gantt", "Golden", name)).ReplaceLineEndings("\n"), actual);
        }
    }
}
