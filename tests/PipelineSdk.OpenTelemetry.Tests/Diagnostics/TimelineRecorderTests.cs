using System.Diagnostics;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Diagnostics;

public sealed class TimelineRecorderTests
{
    private static readonly StepClock Clock = new(Support.Timelines.Epoch, Timestamp: 1_000_000);

    [Fact]
    public void Records_come_out_as_they_went_in_worker_by_worker_with_times_from_the_step_start()
    {
        var first = Recorder(0, (Action(0, 0), At(0), At(1), At(3)), (Action(0, 1), At(3), At(3), At(6)));
        var second = Recorder(1, (Action(1, 0), At(0), At(3), At(5)));

        var records = TimelineRecorder.Collect(Clock, [first, second]);

        Assert.Equal(
            [
                new ActionRecord(0, 0, Action(0, 0), Ms(0), Ms(1), Ms(3), Bytes: 7),
                new ActionRecord(0, 1, Action(0, 1), Ms(3), Ms(3), Ms(6), Bytes: 7),
                new ActionRecord(1, 0, Action(1, 0), Ms(0), Ms(3), Ms(5), Bytes: 7),
            ],
            records);
    }

    [Fact]
    public void Handing_over_and_pauses_are_recorded_beside_the_work()
    {
        var recorder = new TimelineRecorder(0);
        recorder.Add(Action(0, 0), At(0), At(1), At(5), bytes: 0, workEnd: At(3), paused: Ms(1));

        var record = Assert.Single(TimelineRecorder.Collect(Clock, [recorder]));

        Assert.Equal((Ms(2), Ms(3), Ms(2), Ms(1)), (record.Work, record.WorkEnd, record.HandOver, record.Paused));
    }

    [Fact]
    public void Reset_forgets_the_step_before_even_when_it_was_longer()
    {
        var recorder = Recorder(0, (Action(0, 0), At(0), At(1), At(2)), (Action(0, 1), At(2), At(3), At(4)));
        recorder.Reset(1);
        recorder.Add(Action(0, 2), At(5), At(6), At(7), bytes: 0);

        Assert.Equal(Action(0, 2), Assert.Single(TimelineRecorder.Collect(Clock, [recorder])).Action);
    }

    [Fact]
    public void More_actions_than_announced_are_kept()
    {
        var recorder = new TimelineRecorder(0);
        recorder.Reset(3);
        for (var microBatch = 0; microBatch < 100; microBatch++) recorder.Add(Action(0, microBatch), At(0), At(0), At(1), 0);

        var records = TimelineRecorder.Collect(Clock, [recorder]);

        Assert.Equal(Enumerable.Range(0, 100), records.Select(record => record.Action.MicroBatch));
        Assert.Equal(Enumerable.Range(0, 100), records.Select(record => record.Slot));
    }

    [Fact]
    public void Recording_allocates_nothing_in_steady_state()
    {
        var recorder = new TimelineRecorder(0);
        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 100; step++) Step();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            recorder.Reset(64);
            for (var slot = 0; slot < 64; slot++) recorder.Add(Action(0, slot), At(0), At(1), Stopwatch.GetTimestamp(), 0);
        }
    }

    private static PipelineAction Action(int stage, int microBatch) => new(stage, ActionKind.Forward, microBatch);

    private static long At(double milliseconds) => Clock.Timestamp + (long)(milliseconds * Stopwatch.Frequency / 1000);

    private static TimeSpan Ms(double milliseconds) => Support.Timelines.Ms(milliseconds);

    private static TimelineRecorder Recorder(int worker, params (PipelineAction Action, long Wait, long Start, long End)[] actions)
    {
        var recorder = new TimelineRecorder(worker);
        recorder.Reset(actions.Length);
        foreach (var (action, wait, start, end) in actions) recorder.Add(action, wait, start, end, bytes: 7);
        return recorder;
    }
}
