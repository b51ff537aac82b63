using System.Diagnostics;
using System.Text.Json;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>Measurements that need a process of their own, because of its environment, its memory or its start: this program, started once more with a question.</summary>
internal static class OwnProcess
{
    /// <summary>The first argument of a process that answers a question.</summary>
    public const string Argument = "measure";

    /// <summary>Asks a new process.</summary>
    /// <param name="question">One that <see cref="Answer"/> knows.</param>
    /// <param name="about">What it is about, as JSON arguments.</param>
    /// <param name="environment">Variables of the process; an empty value removes one. All others are as here.</param>
    /// <exception cref="InvalidOperationException">The process failed; what it said is on the console.</exception>
    public static T Ask<T>(string question, IReadOnlyList<object> about, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] arguments = [typeof(OwnProcess).Assembly.Location, Argument, question, .. about.Select(part => JsonSerializer.Serialize(part))];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardOutput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            if (value.Length == 0) start.Environment.Remove(name);
            else start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<T>(answer)!
            : throw new InvalidOperationException($"The process that was to measure '{string.Join(' ', arguments.Skip(2))}' ended with code {process.ExitCode}.");
    }

    /// <summary>Measures in this process, which was started to.</summary>
    public static void Answer(string[] arguments)
    {
        object answer = arguments switch
        {
            [StartUp.Question] => StartUp.Measure(),
            [MemoryRow.Question, var work, var schedule, var recompute] => Workload(work).Memory(Read<string>(schedule), Read<ActivationRecompute>(recompute)),
            [Lever.Question, var work, var settings] => Workload(work).Lever(Read<LeverSettings>(settings)),
            _ => throw new ArgumentException($"'{string.Join(' ', arguments)}' is no question.", nameof(arguments)),
        };
        Console.WriteLine(JsonSerializer.Serialize(answer));
    }

    private static IWorkload Workload(string name) => Workloads.All.First(work => work.Name == Read<string>(name));

    private static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json)!;
}
