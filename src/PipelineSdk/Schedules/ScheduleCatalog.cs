using System.Globalization;

namespace PipelineSdk.Schedules;

/// <summary>The schedules by name, as plans, attributes and command lines name them.</summary>
public static class ScheduleCatalog
{
    private const string TwoBufferedPrefix = "pipedream2bw/";

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["naive"] = "sequential",
        ["oneforwardonebackward"] = "1f1b",
        ["pipedreamflush"] = "1f1b",
        ["interleavedoneforwardonebackward"] = "interleaved1f1b",
        ["loopedbreadthfirst"] = "loopedbfs",
        ["zb1p"] = "zbh1",
        ["zerobubbleh1"] = "zbh1",
        ["interleavedzb"] = "interleavedzerobubble",
        ["zbvzerobubble"] = "zbv",
        ["zerobubblev"] = "zbv",
    };

    /// <summary>Every schedule of this library, with its default options.</summary>
    public static IReadOnlyList<PipelineSchedule> All { get; } =
    [
        PipelineSchedule.Sequential,
        PipelineSchedule.GPipe,
        new GPipeSchedule(MicroBatchOrder.Descending),
        PipelineSchedule.OneForwardOneBackward,
        PipelineSchedule.InterleavedOneForwardOneBackward,
        PipelineSchedule.LoopedBreadthFirst,
        PipelineSchedule.ZeroBubbleH1,
        PipelineSchedule.InterleavedZeroBubble,
        PipelineSchedule.ZeroBubbleV,
        PipelineSchedule.DualPipeV,
        PipelineSchedule.VHalf,
        PipelineSchedule.VMin,
        PipelineSchedule.ForwardOnly,
        PipelineSchedule.PipeDream,
        PipelineSchedule.PipeDreamTwoBufferedWeights,
    ];

    /// <summary>The schedule of a name. Case, spaces, hyphens and underscores do not matter; <c>PipeDream-2BW/8</c> gives its
    /// option.</summary>
    /// <exception cref="ArgumentException">There is no schedule of that name; the message lists those there are.</exception>
    public static PipelineSchedule Get(string name) =>
        TryGet(name) ?? throw new ArgumentException(WhyNone(name), nameof(name));

    /// <summary>The schedule of a name, as <see cref="Get"/> reads it, or null.</summary>
    public static PipelineSchedule? TryGet(string name)
    {
        string key = Key(Guard.NotNull(name, nameof(name)));
        key = Aliases.TryGetValue(key, out string? canonical) ? canonical : key;
        if (key.StartsWith(TwoBufferedPrefix, StringComparison.Ordinal))
        {
            string number = key.Remove(0, TwoBufferedPrefix.Length);
            return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int batch) && batch > 0
                ? new PipeDreamTwoBufferedWeightsSchedule(batch)
                : null;
        }

        return All.FirstOrDefault(schedule => Key(schedule.Name) == key);
    }

    /// <summary>What to tell someone who asks for a name that there is no schedule of.</summary>
    internal static string WhyNone(string name)
    {
        string key = Key(name);
        var nearest = All.OrderBy(candidate => EditDistance(key, Key(candidate.Name))).First();
        bool near = EditDistance(key, Key(nearest.Name)) <= 1 + (key.Length / 3);
        return $"There is no schedule '{name}'. {(near ? $"Did you mean {nearest.Name}? " : "")}There are: {string.Join(", ", All)}.";
    }

    private static string Key(string name) =>
        new(name.Where(c => c is not ('-' or '_' or ' ')).Select(char.ToLowerInvariant).ToArray());

    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
