using System.Diagnostics;
using PipelineSdk.Diagnostics;
using PipelineSdk.OpenTelemetry.Tests.Support;
using PipelineSdk.Schedules;

namespace PipelineSdk.OpenTelemetry.Tests.Diagnostics;

[Collection(SpanTests.Name)]
public sealed class StepSpanTests
{
    private static readonly StepClock Clock = new(Timelines.Epoch, Timestamp: Stopwatch.Frequency);

    [Fact]
    public void Without_a_listener_there_is_no_span()
    {
        Assert.False(PipelineTelemetry.Listening);
        Assert.Null(Start());
    }

    [Fact]
    public void A_step_is_the_root_of_its_own_trace()
    {
        using var recorder = new SpanRecorder();

        Start()!.End(Timeline(1));
        Start()!.End(Timeline(2));

        Assert.All(recorder.Ended, span => Assert.Null(span.ParentId));
        Assert.Equal(2, recorder.Ended.Select(span => span.TraceId).Distinct().Count());
        Assert.Null(Activity.Current);
    }

    [Fact]
    public void A_step_is_a_child_of_the_callers_span_and_gives_it_back()
    {
        using var recorder = new SpanRecorder();
        using var epoch = new Activity("epoch").Start();

        Start()!.End(Timeline(1));

        Assert.Equal(epoch.SpanId, Assert.Single(recorder.Ended).ParentSpanId);
        Assert.Same(epoch, Activity.Current);
    }

    [Fact]
    public void A_steps_span_says_what_ran_and_how_long()
    {
        using var recorder = new SpanRecorder();

        Start()!.End(Timeline(250));

        var span = Assert.Single(recorder.Ended);
        Assert.Equal(PipelineSdkDiagnostics.StepSpan, span.OperationName);
        Assert.Equal(ActivityKind.Internal, span.Kind);
        Assert.Equal(Timelines.Epoch.UtcDateTime, span.StartTimeUtc);
        Assert.Equal(Timelines.Ms(250), span.Duration);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                [PipelineAttributes.PipelineName] = "Net",
                [PipelineAttributes.ScheduleName] = "1F1B",
                [PipelineAttributes.Mode] = "train",
                [PipelineAttributes.Step] = 41L,
                [PipelineAttributes.WorkerCount] = 3,
                [PipelineAttributes.MicroBatchCount] = 8,
                [PipelineAttributes.Samples] = 0L,
                [PipelineAttributes.GcPauseDuration] = 0.0,
            },
            span.TagObjects.ToDictionary());
    }

    [Theory]
    [InlineData(ActionKind.Forward, PipelineSdkDiagnostics.ForwardSpan, "forward")]
    [InlineData(ActionKind.Backward, PipelineSdkDiagnostics.BackwardSpan, "backward")]
    [InlineData(ActionKind.InputGradient, PipelineSdkDiagnostics.InputGradientSpan, "input_gradient")]
    [InlineData(ActionKind.WeightGradient, PipelineSdkDiagnostics.WeightGradientSpan, "weight_gradient")]
    public void An_actions_span_says_who_did_what_when(ActionKind kind, string name, string phase)
    {
        using var recorder = new SpanRecorder();
        var step = Start()!;

        var action = step.StartAction(new PipelineAction(2, kind, 7), "head", 1, 5, "cpu", default, At(10), At(12.5));
        step.EndAction(action, bytes: 4096, At(20));

        var span = Assert.Single(recorder.Ended);
        Assert.Equal(name, span.OperationName);
        Assert.Equal(step.Context.SpanId, span.ParentSpanId);
        Assert.Equal(step.Context.TraceId, span.TraceId);
        Assert.Equal(Timelines.Epoch.UtcDateTime + Timelines.Ms(12.5), span.StartTimeUtc);
        Assert.Equal(Timelines.Ms(7.5), span.Duration);
        Assert.Empty(span.Links);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        var tags = span.TagObjects.ToDictionary();
        Assert.Equal(Environment.CurrentManagedThreadId, tags[PipelineAttributes.ThreadId]);
        Assert.True(tags.Remove(PipelineAttributes.ThreadId));
        tags.Remove(PipelineAttributes.ThreadName);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                [PipelineAttributes.PipelineName] = "Net",
                [PipelineAttributes.ScheduleName] = "1F1B",
                [PipelineAttributes.Step] = 41L,
                [PipelineAttributes.WorkerIndex] = 1,
                [PipelineAttributes.Slot] = 5,
                [PipelineAttributes.StageIndex] = 2,
                [PipelineAttributes.StageName] = "head",
                [PipelineAttributes.MicroBatchIndex] = 7,
                [PipelineAttributes.Phase] = phase,
                [PipelineAttributes.Device] = "cpu",
                [PipelineAttributes.Timing] = "host",
                [PipelineAttributes.WaitDuration] = 0.0025,
                [PipelineAttributes.HandoverSize] = 4096L,
            },
            tags);
        step.End(Timeline(30));
    }

    [Fact]
    public void An_action_that_waited_for_its_device_says_so()
    {
        using var recorder = new SpanRecorder();
        var step = Start()!;
        step.EndAction(step.StartAction(new PipelineAction(1, ActionKind.Forward, 0), "head", 1, 0, "cuda:1", default, At(0), At(1), synchronized: true), 0, At(2));
        step.End(Timeline(3));

        var span = recorder.Ended[0];
        Assert.Equal(("cuda:1", "synchronized"), (span.GetTagItem(PipelineAttributes.Device), span.GetTagItem(PipelineAttributes.Timing)));
    }

    [Fact]
    public void An_action_links_to_the_span_that_sent_its_input()
    {
        using var recorder = new SpanRecorder();
        var step = Start()!;
        var producer = Begin(step, stage: 0);
        var sent = producer!.Context;
        step.EndAction(producer, 0, At(2));

        step.EndAction(Begin(step, stage: 1, sent), 0, At(3));
        step.End(Timeline(4));

        Assert.Equal(sent, Assert.Single(recorder.Ended[1].Links).Context);
    }

    [Fact]
    public void While_an_action_runs_its_span_is_current_so_that_spans_of_user_code_are_its_children()
    {
        using var recorder = new SpanRecorder();
        var step = Start()!;
        OnFreshThread(() =>
        {
            var action = Begin(step, 0);
            Assert.Same(action, Activity.Current);
            step.EndAction(action, 0, At(2));
            Assert.Null(Activity.Current);
        });
        step.End(Timeline(3));
    }

    [Fact]
    public void What_user_code_leaves_running_does_not_poison_the_worker()
    {
        using var recorder = new SpanRecorder();
        var step = Start()!;
        OnFreshThread(() =>
        {
            var action = Begin(step, 0);
            new Activity("forgotten").Start();
            step.EndAction(action, 0, At(2));
            Assert.Null(Activity.Current);

            var next = Begin(step, 0);
            Assert.Equal(step.Context.SpanId, next!.ParentSpanId);
            step.EndAction(next, 0, At(3));
        });
        step.End(Timeline(4));
    }

    [Fact]
    public void A_failed_action_carries_status_type_and_exception()
    {
        using var recorder = new SpanRecorder();
        var step = Start()!;

        step.EndAction(Begin(step, 0), 0, At(2), new InvalidOperationException("shapes differ"));
        step.End(Timeline(3, new InvalidOperationException("step failed")));

        Assert.All(recorder.Ended, span =>
        {
            Assert.Equal(ActivityStatusCode.Error, span.Status);
            Assert.Equal("System.InvalidOperationException", span.GetTagItem(PipelineAttributes.ErrorType));
            var happened = Assert.Single(span.Events);
            Assert.Equal("exception", happened.Name);
            Assert.Contains(happened.Tags, tag => tag is { Key: "exception.message", Value: "shapes differ" or "step failed" });
        });
    }

    [Fact]
    public void A_step_that_is_not_sampled_has_no_actions()
    {
        using var recorder = new SpanRecorder(ActivitySamplingResult.None);

        Assert.True(PipelineTelemetry.Listening);
        Assert.Null(Start());
    }

    [Fact]
    public void Where_only_contexts_are_wanted_spans_carry_no_attributes()
    {
        using var recorder = new SpanRecorder(ActivitySamplingResult.PropagationData);
        var step = Start()!;

        step.EndAction(Begin(step, 0), 9, At(2), new InvalidOperationException());
        step.End(Timeline(3));

        Assert.Equal(2, recorder.Ended.Count);
        Assert.All(recorder.Ended, span => Assert.Empty(span.TagObjects));
    }

    [Fact]
    public void A_listener_that_throws_costs_spans_and_not_the_step()
    {
        using var thrower = new ActivityListener
        {
            ShouldListenTo = source => source.Name == PipelineSdkDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = span => ThrowFor(span, PipelineSdkDiagnostics.ForwardSpan),
            ActivityStopped = span => ThrowFor(span, PipelineSdkDiagnostics.StepSpan),
        };
        ActivitySource.AddActivityListener(thrower);
        var before = PipelineTelemetry.ListenerFaults;

        OnFreshThread(() =>
        {
            var step = Start()!;
            var ofStep = Activity.Current;
            var action = Begin(step, 0);
            Assert.Null(action);
            Assert.Same(ofStep, Activity.Current);
            step.EndAction(action, 0, At(2));
            step.End(Timeline(3));
            Assert.Null(Activity.Current);
        });

        Assert.Equal(before + 2, PipelineTelemetry.ListenerFaults);

        static void ThrowFor(Activity span, string name)
        {
            if (span.OperationName == name) throw new InvalidOperationException("a listener's own trouble");
        }
    }

    [Fact]
    public void With_nobody_listening_a_step_and_its_actions_allocate_nothing()
    {
        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var step = 0; step < 1000; step++) Step();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Step()
        {
            var step = Start();
            for (var slot = 0; slot < 16; slot++)
            {
                var action = step?.StartAction(new PipelineAction(0, ActionKind.Forward, slot), "stem", 0, slot, "cpu", default, 0, 0);
                step?.EndAction(action, 0, 0);
            }

            step?.End(Timelines.Small);
        }
    }

    private static StepSpan? Start() => PipelineTelemetry.StartStep(Clock, "Net", "1F1B", "train", step: 41, workers: 3, microBatches: 8);

    private static Activity? Begin(StepSpan step, int stage, ActivityContext producer = default) =>
        step.StartAction(new PipelineAction(stage, ActionKind.Forward, 0), "stem", stage, 0, "cpu", producer, At(0), At(1));

    private static StepTimeline Timeline(double milliseconds, Exception? failure = null) => Timelines.Empty(Timelines.Epoch, Timelines.Ms(milliseconds), failure);

    private static long At(double milliseconds) => Clock.Timestamp + (long)(milliseconds * Stopwatch.Frequency / 1000);

    private static void OnFreshThread(Action test)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(test));
        using (ExecutionContext.SuppressFlow()) thread.Start();
        thread.Join();
        if (failure is not null) throw new Xunit.Sdk.XunitException(failure.ToString());
    }
}
