using System.Globalization;

namespace PipelineSdk.Machine;

/// <summary>
/// The processor time that a control group of Linux lets this process have, as containers do. It is no mask of cores: the process may run on all of them, until
/// its time is used up, and then all of its threads stand still.
/// </summary>
internal static class CpuLimit
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>In cores, such as 1.5; null where there is no limit. The smallest of the group's and those above it.</summary>
    public static double? Of(SystemSources sources)
    {
        if (!sources.IsLinux || sources.ReadFile("/proc/self/cgroup") is not { } groups) return null;
        double? smallest = null;
        foreach (var line in groups.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // number:controllers:path; version 2 has the number 0 and names no controllers.
            var parts = line.Split(':', 3);
            if (parts.Length < 3) continue;
            var controllers = parts[1].Split(',');
            var path = parts[2].TrimEnd();
            var limits = (parts[0], parts[1]) == ("0", "")
                ? Upwards(path).Select(group => VersionTwo(sources.ReadFile($"{Root}{group}/cpu.max")))
                : controllers.Contains("cpu")
                    ? new[] { parts[1], "cpu" }.Distinct().SelectMany(mount => Upwards(path).Select(group => VersionOne(sources, $"{Root}/{mount}{group}")))
                    : [];
            foreach (var limit in limits)
            {
                if (limit is { } cores && !(cores >= smallest)) smallest = cores;
            }
        }

        return smallest;
    }

    // Within a container the mount may begin at the group itself, so that only its root is there.
    private static IEnumerable<string> Upwards(string path)
    {
        for (var group = path.TrimEnd('/'); group.Length > 0; group = group[..group.LastIndexOf('/')]) yield return group;
        yield return "";
    }

    // "max 100000", or "150000 100000": microseconds of time in each period.
    private static double? VersionTwo(string? text)
        => text?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is [var quota, var period] ? Ratio(quota, period) : null;

    // -1 is no limit.
    private static double? VersionOne(SystemSources sources, string folder)
        => sources.ReadFile($"{folder}/cpu.cfs_quota_us") is { } quota && sources.ReadFile($"{folder}/cpu.cfs_period_us") is { } period
            ? Ratio(quota, period)
            : null;

    private static double? Ratio(string quota, string period)
        => long.TryParse(quota, NumberStyles.Integer, CultureInfo.InvariantCulture, out var time) && time > 0
            && long.TryParse(period, NumberStyles.Integer, CultureInfo.InvariantCulture, out var length) && length > 0
            ? (double)time / length
            : null;
}
