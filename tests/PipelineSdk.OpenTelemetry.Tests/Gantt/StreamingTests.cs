using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Gantt;

public sealed class StreamingTests
{
    public static TheoryData<GanttFormats> Formats => [GanttFormats.Perfetto, GanttFormats.Jaeger, GanttFormats.Otlp, GanttFormats.Csv];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Steps_are_written_as_they_come(GanttFormats format)
    {
        var step = Timelines.Simulate(PipelineSchedule.GPipe, 3, 5);
        using var stream = new MemoryStream();
        var longest = 0L;

        Write(format, stream, Steps());

        Assert.True(longest < 1 << 20, $"{longest} bytes were held back.");

        IEnumerable<StepTimeline> Steps()
        {
            var written = 0L;
            for (var next = 0; next < 400; next++)
            {
                yield return step;
                longest = Math.Max(longest, stream.Length - written);
                written = stream.Length;
            }

            Assert.True(written > 1 << 20, "The test is too small to tell.");
        }
    }

    [Theory]
    [InlineData(GanttFormats.Jaeger)]
    [InlineData(GanttFormats.Otlp)]
    [InlineData(GanttFormats.Csv)]
    public void A_single_large_step_does_not_gather_in_memory(GanttFormats format)
    {
        var step = Timelines.Simulate(PipelineSchedule.GPipe, 2, 4_000);
        using var stream = new LargestWrite();

        Write(format, stream, [step]);

        Assert.True(stream.Length > 1 << 20, "The test is too small to tell.");
        Assert.InRange(stream.Largest, 1, 1 << 18);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_file_holds_what_a_stream_gets_and_is_written_aside(GanttFormats format)
    {
        using var folder = new TemporaryFolder();
        using var stream = new MemoryStream();
        StepTimeline[] steps = [Timelines.Simulate(PipelineSchedule.GPipe, 2, 2)];
        var path = folder["file" + GanttFormat.Of(format)[0].Extension];

        Write(format, stream, steps);
        GanttFormat.Of(format)[0].Write(path, steps, 0);

        Assert.Equal(stream.ToArray(), File.ReadAllBytes(path));
        Assert.Equal([Path.GetFileName(path)], folder.Files);
    }

    private static void Write(GanttFormats format, Stream stream, IEnumerable<StepTimeline> steps)
    {
        if (format == GanttFormats.Perfetto) PerfettoTrace.Write(stream, steps);
        else if (format == GanttFormats.Jaeger) JaegerTrace.Write(stream, steps);
        else if (format == GanttFormats.Otlp) OtlpTrace.Write(stream, steps);
        else GanttCsv.Write(stream, steps);
    }

    private sealed class LargestWrite : MemoryStream
    {
        public int Largest { get; private set; }

        // The base class leads writes of spans here.
        public override void Write(byte[] buffer, int offset, int count)
        {
            Largest = Math.Max(Largest, count);
            base.Write(buffer, offset, count);
        }
    }
}
