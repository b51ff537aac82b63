using System.Diagnostics;
using System.Text;

namespace PipelineSdk.Package.Tests.Harness;

/// <summary>Runs <c>dotnet</c> as a user at a prompt would: without what the test host's own build left in the environment.</summary>
internal static class DotNet
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <param name="folder">Where it runs.</param>
    /// <param name="packagesFolder">Where it restores packages to.</param>
    /// <param name="arguments">What follows <c>dotnet</c>.</param>
    /// <exception cref="TimeoutException">It took longer than four minutes, and has been stopped.</exception>
    public static async Task<DotNetResult> Run(string folder, string packagesFolder, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOfTheTestHost).ToArray()) start.Environment.Remove(name);
        start.Environment["NUGET_PACKAGES"] = packagesFolder;
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        // Neither build nodes nor a compiler server may stay behind.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = new StringBuilder();
        void Keep(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null) return;
            lock (output) output.Append(line.Data).Append('\n');
        }

        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();

        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"dotnet {string.Join(' ', arguments)} took longer than {Patience}:\n{output}");
        }
        return new DotNetResult(string.Join(' ', arguments), process.ExitCode, output.ToString());
    }

    private static bool IsOfTheTestHost(string name) =>
        name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase);
}
