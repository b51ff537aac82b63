using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>PyTorch in processes of its own, doing the same work; they live as long as the comparison.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process process;

    private Peer(Process process) => this.process = process;

    /// <summary>Starts it; null, with the reason on the console, where there is no PyTorch.</summary>
    public static Peer? Start(string python, string workload, int cores)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Speed", "Peers", "peers.py"));
        start.ArgumentList.Add(workload);
        start.ArgumentList.Add(cores.ToString(CultureInfo.InvariantCulture));
        try
        {
            var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            if (process.StandardOutput.ReadLine() is not null) return new Peer(process);
            Console.WriteLine($"no PyTorch: {errors.Result.TrimEnd().Split('\n')[^1]}");
            process.Dispose();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            Console.WriteLine($"no PyTorch: {exception.Message}");
        }

        return null;
    }

    /// <summary>Runs steps of one of its contenders.</summary>
    public IReadOnlyList<double> Run(string contender, int steps)
    {
        process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{contender} {steps}"));
        process.StandardInput.Flush();
        using var answer = JsonDocument.Parse(process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("PyTorch has ended."));
        if (answer.RootElement.TryGetProperty("error", out var error)) throw new InvalidOperationException($"PyTorch, {contender}: {error.GetString()}");
        return [.. answer.RootElement.GetProperty("times").EnumerateArray().Select(time => time.GetDouble())];
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000)) process.Kill(entireProcessTree: true);
        process.Dispose();
    }
}
