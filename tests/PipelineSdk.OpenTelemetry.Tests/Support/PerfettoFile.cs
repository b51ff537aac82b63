using System.Text.Json;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry.Tests.Support;

/// <summary>A trace read back, checked on the way against the Chrome trace event format.</summary>
internal sealed class PerfettoFile
{
    private PerfettoFile(JsonElement root)
    {
        Metadata = root.GetProperty("otherData");
        Assert.Equal("ms", root.GetProperty("displayTimeUnit").GetString());
        Events = [.. root.GetProperty("traceEvents").EnumerateArray().Select(Event.Read)];
    }

    public JsonElement Metadata { get; }

    public IReadOnlyList<Event> Events { get; }

    public IEnumerable<Event> Bars => Events.Where(one => one.Phase == "X");

    /// <summary>The bars of actions: neither waits nor whole steps.</summary>
    public IEnumerable<Event> Actions => Bars.Where(bar => bar.Category is not ("wait" or "step"));

    public static PerfettoFile Of(IEnumerable<StepTimeline> steps, long dropped = 0)
    {
        using var stream = new MemoryStream();
        PerfettoTrace.Write(stream, steps, dropped);
        return new PerfettoFile(JsonDocument.Parse(stream.ToArray()).RootElement);
    }

    internal sealed record Event(
        string Phase, string Name, int Process, int Lane, decimal Start, decimal Duration, string? Category, long Id, JsonElement Arguments)
    {
        public decimal End => Start + Duration;

        public static Event Read(JsonElement json)
        {
            var phase = json.GetProperty("ph").GetString()!;
            Assert.Contains(phase, new[] { "X", "M", "C", "s", "t", "f" });
            var timed = phase != "M";
            var drawn = phase is "s" or "t" or "f";
            var read = new Event(
                phase,
                json.GetProperty("name").GetString()!,
                json.GetProperty("pid").GetInt32(),
                json.TryGetProperty("tid", out var lane) ? lane.GetInt32() : 0,
                timed ? json.GetProperty("ts").GetDecimal() : 0,
                phase == "X" ? json.GetProperty("dur").GetDecimal() : 0,
                json.TryGetProperty("cat", out var category) ? category.GetString() : null,
                drawn ? json.GetProperty("id").GetInt64() : 0,
                json.TryGetProperty("args", out var arguments) ? arguments : default);
            Assert.True(read.Start >= 0 && read.Duration >= 0);
            Assert.True(!timed || read.Lane > 0);
            return read;
        }
    }
}
