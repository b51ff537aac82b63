using System.IO.Compression;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry;

/// <summary>
/// A step's actions in few bytes. Per worker the number of its actions, and then one column after the other: what it was (stage times the number of kinds,
/// plus the kind), micro-batch, time until it turned to it, wait, work, handing over, pauses, bytes as difference to the last action of the same stage and
/// kind, and the planned run's pause before it; times in ticks of 100 ns. Numbers are zigzag and LEB128 coded, then all of it is gzipped. <c>unpack.js</c>
/// reads it.
/// </summary>
internal static class PackedTimeline
{
    internal const int Kinds = (int)ActionKind.Update + 1;

    public static string Base64(StepExplanation explanation)
    {
        using var packed = new MemoryStream();
        using (var zipped = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        using (var buffered = new BufferedStream(zipped, 1 << 16))
        {
            var planned = explanation.Planned.Actions.ToLookup(record => record.Worker);
            var actions = explanation.Step.Actions.ToLookup(record => record.Worker);
            for (var worker = 0; worker < explanation.Step.Workers; worker++) WriteWorker(buffered, [.. actions[worker]], [.. planned[worker]]);
        }

        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    }

    private static void WriteWorker(Stream stream, ActionRecord[] records, ActionRecord[] planned)
    {
        WriteNumber(stream, records.Length);
        Column(i => Code(records[i].Action));
        Column(i => records[i].Action.MicroBatch);
        Column(i => (records[i].WaitStart - (i == 0 ? TimeSpan.Zero : records[i - 1].End)).Ticks);
        Column(i => (records[i].Start - records[i].WaitStart).Ticks);
        Column(i => records[i].Work.Ticks);
        Column(i => records[i].HandOver.Ticks);
        Column(i => records[i].Paused.Ticks);
        var last = new Dictionary<int, long>();
        Column(i =>
        {
            var code = Code(records[i].Action);
            var difference = records[i].Bytes - last.GetValueOrDefault(code);
            last[code] = records[i].Bytes;
            return difference;
        });
        Column(i => (planned[i].Start - (i == 0 ? TimeSpan.Zero : planned[i - 1].End)).Ticks);

        void Column(Func<int, long> value)
        {
            for (var i = 0; i < records.Length; i++) WriteNumber(stream, value(i));
        }
    }

    private static int Code(PipelineAction action) => (action.Stage * Kinds) + (int)action.Kind;

    private static void WriteNumber(Stream stream, long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        for (; rest >= 0x80; rest >>= 7) stream.WriteByte((byte)(rest | 0x80));
        stream.WriteByte((byte)rest);
    }
}
