using System.CommandLine;
using PipelineSdk.Schedules;

namespace PipelineSdk.Benchmarks.Speed;

/// <summary>The command line of the speed suite.</summary>
internal sealed class SpeedCommand
{
    private static readonly SpeedOptions Defaults = new();

    private readonly Option<bool> shorter = new("--short") { Description = "4 rounds, two workers under 1F1B and ZB-H1." };

    private readonly Option<string[]> only = new Option<string[]>("--only")
    {
        Description = "What to measure; may be repeated. All by default.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    }.AcceptOnlyFromAmong([.. SpeedOptions.Parts]);

    private readonly Option<bool> withoutPeers = new("--no-peers") { Description = "Leaves PyTorch out." };

    private readonly Option<int?> rounds = new("--rounds") { Description = "How often everybody has their turn; 10 by default." };

    private readonly Option<int[]> stages = new("--stages")
    {
        Description = "Workers of the pipelines, with a stage each (interleaved schedules: two); 1 2 3 4 by default.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> schedules = new("--schedules")
    {
        Description = $"Schedules of the pipelines; {string.Join(' ', Defaults.Schedules)} by default.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    };

    /// <param name="run">What to do with options that passed.</param>
    public SpeedCommand(Action<SpeedOptions> run)
    {
        rounds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() < 1) result.AddError("--rounds takes a whole number of at least 1.");
        });
        stages.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int[]>()!.Any(count => count < 1)) result.AddError("--stages takes whole numbers of at least 1.");
        });
        schedules.Validators.Add(result =>
        {
            foreach (var name in result.GetValueOrDefault<string[]>()!.Where(name => ScheduleCatalog.TryGet(name) is null)) result.AddError($"--schedules: {ScheduleCatalog.WhyNone(name)}");
        });
        Root = new RootCommand("Measures how fast pipelines are, against the uncut model, their bounds and PyTorch.") { shorter, only, withoutPeers, rounds, stages, schedules };
        Root.SetAction(parsed => run(Read(parsed)));
    }

    public RootCommand Root { get; }

    private SpeedOptions Read(ParseResult parsed)
    {
        var options = parsed.GetValue(shorter)
            ? Defaults with { Rounds = 4, Workers = [2], Schedules = [ScheduleNames.OneForwardOneBackward, ScheduleNames.ZeroBubbleH1] }
            : Defaults;
        return options with
        {
            Rounds = parsed.GetValue(rounds) ?? options.Rounds,
            Workers = parsed.GetValue(stages) is { Length: > 0 } workers ? workers : options.Workers,
            Schedules = parsed.GetValue(schedules) is { Length: > 0 } names ? names : options.Schedules,
            Only = parsed.GetValue(only)!,
            Peers = !parsed.GetValue(withoutPeers),
        };
    }
}
