using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using PipelineSdk.Diagnostics;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// Keeps the last steps of every pipeline and writes them as Gantt files from a thread of its own. It hears of steps from the recorder and ignores spans, so
/// that samplers and full queues cost it nothing; it is a processor only to be flushed and shut down with the provider.
/// </summary>
internal sealed class GanttExporter : BaseProcessor<Activity>
{
    private readonly object gate = new();
    private readonly Dictionary<string, StepRing> rings = new(StringComparer.Ordinal);
    private readonly DateTimeOffset startedAt = DateTimeOffset.UtcNow;
    private readonly GanttExporterOptions options;
    private readonly IReadOnlyList<GanttFormat> formats;
    private readonly GanttTroubles troubles;
    private readonly Thread writer;
    private readonly IDisposable subscription;
    private long requested;
    private long completed;
    private bool succeeded = true;
    private bool stopping;

    /// <param name="options">Validated here.</param>
    /// <param name="logger">Hears of what goes wrong, once.</param>
    /// <param name="formats">What to write in place of what the options name.</param>
    public GanttExporter(GanttExporterOptions options, ILogger logger, IReadOnlyList<GanttFormat>? formats = null)
    {
        options.Validate();
        this.options = options;
        this.formats = formats ?? GanttFormat.Of(options.Formats);
        troubles = new GanttTroubles(logger);
        writer = new Thread(Loop) { IsBackground = true, Name = "PipelineSdk Gantt files" };
        writer.UnsafeStart();
        subscription = StepTimelines.Subscribe(Keep);
    }

    protected override bool OnForceFlush(int timeoutMilliseconds)
    {
        var deadline = new Deadline(timeoutMilliseconds);
        lock (gate)
        {
            var mine = ++requested;
            Monitor.PulseAll(gate);
            while (completed < mine)
            {
                if (!writer.IsAlive || !Monitor.Wait(gate, deadline.Left)) return false;
            }

            return succeeded;
        }
    }

    protected override bool OnShutdown(int timeoutMilliseconds)
    {
        subscription.Dispose();
        lock (gate)
        {
            stopping = true;
            Monitor.PulseAll(gate);
        }

        if (!writer.Join(timeoutMilliseconds))
        {
            troubles.NotFinished(options.Directory, timeoutMilliseconds);
            return false;
        }

        return succeeded;
    }

    protected override void Dispose(bool disposing)
    {
        // The provider has shut its processors down already, with a time limit; whoever disposes one alone gets the same.
        if (disposing && !stopping) OnShutdown(5_000);
        base.Dispose(disposing);
    }

    /// <summary>On the thread that ran the step. The writer holds the gate only to copy references: a slow disk is not felt here.</summary>
    private void Keep(StepTimeline step)
    {
        var name = GanttFileName.Of(options.FileName, step.Pipeline, startedAt);
        lock (gate)
        {
            if (!rings.TryGetValue(name, out var ring)) rings.Add(name, ring = new StepRing(options.MaxSteps));
            if (step.Failure is null && step.Step % options.EveryNthStep != 0)
            {
                ring.Skip();
                return;
            }

            if (ring.Add(step)) return;
        }

        GanttTroubles.Dropped();
    }

    private void Loop()
    {
        using var quiet = SuppressInstrumentationScope.Begin();
        bool last;
        do
        {
            long request;
            lock (gate)
            {
                if (!stopping && requested == completed) Monitor.Wait(gate, options.WriteInterval);
                (request, last) = (requested, stopping);
            }

            var written = WriteAll();
            lock (gate)
            {
                (completed, succeeded) = (request, written);
                Monitor.PulseAll(gate);
            }
        }
        while (!last);
    }

    private bool WriteAll()
    {
        (string Name, StepRing Ring, StepTimeline[] Steps, long Dropped)[] taken;
        lock (gate)
        {
            taken = [.. rings.Where(ring => ring.Value.HasNew).Select(ring =>
            {
                var (steps, dropped) = ring.Value.Take();
                return (ring.Key, ring.Value, steps, dropped);
            })];
        }

        var written = true;
        foreach (var (name, ring, steps, dropped) in taken)
        {
            // All of them, even where the first fails: another may be smaller.
            if (formats.Count(format => Write(name, format, steps, dropped)) == formats.Count) continue;
            written = false;
            lock (gate) ring.PutBack();
        }

        return written;
    }

    private bool Write(string name, GanttFormat format, StepTimeline[] steps, long dropped)
    {
        var path = Path.Combine(options.Directory, name + format.Extension);
        try
        {
            format.Write(path, steps, dropped);
            return true;
        }
#pragma warning disable CA1031 // Whatever the disk throws: an exception that leaves the thread would end the training.
        catch (Exception error)
#pragma warning restore CA1031
        {
            troubles.NotWritten(path, error);
            return false;
        }
    }

    /// <summary>What is left of a time limit in milliseconds, -1 being none.</summary>
    private readonly struct Deadline(int milliseconds)
    {
        private readonly long start = Stopwatch.GetTimestamp();

        public TimeSpan Left
        {
            get
            {
                if (milliseconds == Timeout.Infinite) return Timeout.InfiniteTimeSpan;
                var left = TimeSpan.FromMilliseconds(milliseconds) - Stopwatch.GetElapsedTime(start);
                return left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }
}
