using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenTelemetry;
using OpenTelemetry.Trace;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Otlp;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Export;

/// <summary>The exporter hears every step of the process, so these run where no other test publishes one.</summary>
[Collection(SpanTests.Name)]
public sealed class GanttExporterTests
{
    [Fact]
    public void A_provider_that_is_disposed_leaves_every_kind_of_file_of_every_pipeline()
    {
        using var folder = new TemporaryFolder();
        using (Tracing(folder, options => options.Formats = GanttFormats.All))
        {
            Publish(3);
            StepTimelines.Publish(Step(0, "Other/1"));
        }

        string[] endings = [".csv", ".jaeger.json", ".otlp.json", ".perfetto.json", ".svg"];
        Assert.Equal(endings.SelectMany(ending => new[] { "Net" + ending, "Other_1" + ending }).Order(), folder.Files.Order());
        Assert.Equal([0L, 1, 2], StepsIn(folder["Net.otlp.json"]));
        Assert.Equal(3, JaegerFile.Parse(File.ReadAllBytes(folder["Net.jaeger.json"])).Traces.Count);
        Assert.Equal(1 + (3 * 8), File.ReadAllLines(folder["Net.csv"]).Length);
        Assert.Contains("Net, step 2 (train)", File.ReadAllText(folder["Net.svg"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_complete_whatever_sampler_and_exporters_stand_beside()
    {
        using var folder = new TemporaryFolder();
        using (var provider = Sdk.CreateTracerProviderBuilder().AddPipelineSdkInstrumentation().SetSampler(new AlwaysOffSampler())
            .AddPipelineGanttExporter(options => (options.Directory, options.Formats) = (folder["."], GanttFormats.Otlp))
            .AddProcessor(new BatchActivityExportProcessor(new InMemoryExporter(), maxQueueSize: 1, maxExportBatchSize: 1)).Build())
        {
            Publish(20);
            provider.ForceFlush();
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(step => (long)step), StepsIn(folder["Net.otlp.json"]));
    }

    [Fact]
    public void A_flush_writes_what_there_is_while_the_run_goes_on()
    {
        using var folder = new TemporaryFolder();
        using var provider = Tracing(folder, options => options.Formats = GanttFormats.Otlp);

        Publish(1);
        Assert.True(provider.ForceFlush());
        Assert.Equal([0L], StepsIn(folder["Net.otlp.json"]));
        Publish(1, first: 1);
        Assert.True(provider.ForceFlush());
        Assert.Equal([0L, 1], StepsIn(folder["Net.otlp.json"]));
    }

    [Fact]
    public void Files_are_written_in_the_meantime_too()
    {
        using var folder = new TemporaryFolder();
        using var written = new ManualResetEventSlim();
        using var exporter = Exporter(
            folder, new GanttFormat(".x", (_, _, _) => written.Set()), options => options.WriteInterval = TimeSpan.FromMilliseconds(1));

        Publish(1);

        Assert.True(written.Wait(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void Only_the_last_steps_are_kept_and_the_file_says_how_many_are_not()
    {
        using var folder = new TemporaryFolder();
        using var measured = new MeasurementRecorder();
        using (var provider = Tracing(folder, options => (options.Formats, options.MaxSteps, options.EveryNthStep) = (GanttFormats.Otlp | GanttFormats.Perfetto, 3, 2)))
        {
            Publish(11);
            provider.ForceFlush();
        }

        Assert.Equal([6L, 8, 10], StepsIn(folder["Net.otlp.json"]));
        using var perfetto = JsonDocument.Parse(File.ReadAllText(folder["Net.perfetto.json"]));
        Assert.Equal(8, perfetto.RootElement.GetProperty("otherData").GetProperty("droppedSteps").GetInt32());
        Assert.Equal(3, measured.Of(PipelineSdkDiagnostics.GanttDroppedStepsMetric).Sum(one => one.Value));
    }

    [Fact]
    public void A_failed_step_is_kept_whatever_its_number()
    {
        using var folder = new TemporaryFolder();
        using (Tracing(folder, options => (options.Formats, options.EveryNthStep) = (GanttFormats.Otlp, 100)))
        {
            StepTimelines.Publish(Timelines.FailedStep());
        }

        Assert.Equal([5L], StepsIn(folder["Net.otlp.json"]));
    }

    [Fact]
    public void A_slow_disk_is_not_felt_by_the_training()
    {
        using var folder = new TemporaryFolder();
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var written = new List<(int Steps, long Dropped)>();
        var exporter = Exporter(
            folder,
            new GanttFormat(".x", (_, steps, dropped) =>
            {
                begun.Set();
                release.Wait();
                written.Add((steps.Count, dropped));
            }),
            options => (options.MaxSteps, options.WriteInterval) = (10, TimeSpan.FromMilliseconds(1)));

        Publish(1);
        begun.Wait();
        Publish(99, first: 1); // Would never return if it waited for the writer.
        Assert.False(exporter.ForceFlush(1));
        release.Set();
        Assert.True(exporter.Shutdown());

        Assert.Equal((1, 0L), written[0]);
        Assert.Equal((10, 90L), written[^1]);
    }

    [Fact]
    public void A_disk_that_fails_costs_one_warning_is_counted_and_tried_again()
    {
        using var folder = new TemporaryFolder();
        using var measured = new MeasurementRecorder();
        var log = new ListLogger();
        var full = true;
        var written = new List<int>();
        using var exporter = Exporter(
            folder,
            new GanttFormat(".x", (_, steps, _) =>
            {
                if (full) throw new IOException("No space left on device");
                written.Add(steps.Count);
            }),
            logger: log);

        Publish(1);
        Assert.False(exporter.ForceFlush());
        Publish(1, first: 1);
        Assert.False(exporter.ForceFlush());
        full = false;
        Assert.True(exporter.ForceFlush());

        Assert.Equal([2], written);
        Assert.Equal(2, measured.Of(PipelineSdkDiagnostics.GanttWriteFailuresMetric).Sum(one => one.Value));
        var (level, message) = Assert.Single(log.Entries);
        Assert.Equal(LogLevel.Warning, level);
        Assert.Contains(folder["Net.x"], message, StringComparison.Ordinal);
        Assert.Contains("No space left on device", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_costs_files_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["in-the-way"], "");
        var log = new ListLogger();
        using var logging = new EventRecorder("OpenTelemetry-PipelineSdk-Gantt");
        using (var exporter = new GanttExporter(new GanttExporterOptions { Directory = folder["in-the-way"], Formats = GanttFormats.All }, log))
        {
            Publish(2);
            Assert.False(exporter.ForceFlush());
        }

        Assert.Contains(folder["in-the-way"], Assert.Single(log.Entries).Message, StringComparison.Ordinal);
        Assert.Equal(["NotWritten"], logging.Events);
    }

    [Fact]
    public void A_logger_that_throws_does_not_end_the_writer()
    {
        using var folder = new TemporaryFolder();
        var calls = 0;
        using var exporter = Exporter(
            folder, new GanttFormat(".x", (_, _, _) => throw new IOException($"failure {++calls}")), logger: new ListLogger { Throws = true });

        Publish(1);
        Assert.False(exporter.ForceFlush());
        Assert.False(exporter.ForceFlush());

        Assert.Equal(2, calls);
    }

    [Fact]
    public void A_shutdown_that_the_disk_outlasts_says_so_and_returns()
    {
        using var folder = new TemporaryFolder();
        using var release = new ManualResetEventSlim();
        var log = new ListLogger();
        var exporter = Exporter(folder, new GanttFormat(".x", (_, _, _) => release.Wait()), logger: log);
        Publish(1);

        Assert.False(exporter.Shutdown(1));

        Assert.Contains("not finished within 1 ms", Assert.Single(log.Entries).Message, StringComparison.Ordinal);
        release.Set();
    }

    [Theory]
    [InlineData("{pipeline}", "a b/c:d", "a b_c_d")]
    [InlineData("{pipeline}", "..", "pipeline")]
    [InlineData("run-{time}-{pipeline}", "Net", "run-20260102-030405-Net")]
    public void Names_of_files_are_filled_in(string pattern, string pipeline, string expected)
    {
        Assert.Null(GanttFileName.WrongIn(pattern));
        Assert.Equal(expected, GanttFileName.Of(pattern, pipeline, Timelines.Epoch));
    }

    [Theory]
    [InlineData("", "FileName is empty")]
    [InlineData("a/b", "cannot hold '/'")]
    [InlineData("{step}", "{step} is not known")]
    public void Patterns_that_make_no_file_name_are_refused_when_the_provider_is_built(string pattern, string problem)
    {
        using var folder = new TemporaryFolder();
        var refused = Assert.Throws<ArgumentException>(() => Tracing(folder, options => options.FileName = pattern));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Refuses("MaxSteps is 0", options => options.MaxSteps = 0);
        Refuses("EveryNthStep is -1", options => options.EveryNthStep = -1);
        Refuses("Directory is empty", options => options.Directory = " ");
        Refuses("Formats is None", options => options.Formats = GanttFormats.None);
        Refuses("Formats is 1024", options => options.Formats = (GanttFormats)1024);
        Refuses("WriteInterval is 00:00:00", options => options.WriteInterval = TimeSpan.Zero);

        static void Refuses(string problem, Action<GanttExporterOptions> change)
        {
            var options = new GanttExporterOptions();
            change(options);
            Assert.Contains(problem, Assert.Throws<ArgumentException>(options.Validate).Message, StringComparison.Ordinal);
        }
    }

    private static TracerProvider Tracing(TemporaryFolder folder, Action<GanttExporterOptions> configure) =>
        Sdk.CreateTracerProviderBuilder().AddPipelineGanttExporter(options =>
        {
            options.Directory = folder["."];
            configure(options);
        }).Build();

    private static GanttExporter Exporter(
        TemporaryFolder folder, GanttFormat format, Action<GanttExporterOptions>? configure = null, ILogger? logger = null)
    {
        var options = new GanttExporterOptions { Directory = Path.GetDirectoryName(folder["x"])!, WriteInterval = Timeout.InfiniteTimeSpan };
        configure?.Invoke(options);
        return new GanttExporter(options, logger ?? NullLogger.Instance, [format]);
    }

    private static void Publish(int steps, int first = 0)
    {
        for (var step = first; step < first + steps; step++) StepTimelines.Publish(Step(step));
    }

    private static StepTimeline Step(int step, string pipeline = "Net") => Timelines.Simulate(
        PipelineSchedule.GPipe, workers: 2, microBatches: 2, pipeline: pipeline, step: step, startedAt: Timelines.Epoch.AddSeconds(step));

    private static IEnumerable<long> StepsIn(string path) => OtlpSpan.OfJson(File.ReadAllText(path))
        .Where(span => span.Name == PipelineSdkDiagnostics.StepSpan).Select(span => (long)span.Attributes[PipelineAttributes.Step]);
}
