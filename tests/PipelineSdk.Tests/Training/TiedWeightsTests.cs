using System.Collections.Concurrent;
using System.Diagnostics;
using PipelineSdk.Diagnostics;
using PipelineSdk.Schedules;
using PipelineSdk.Testing;
using PipelineSdk.Tests.Models;
using PipelineSdk.Training;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Training;

/// <summary>One weight under two names: each stage has a gradient of its own, and after the step there is one.</summary>
public sealed class TiedWeightsTests
{
    private const int Samples = 11;
    private const int MicroBatches = 4;

    public static TheoryData<string, int, int> Placements()
    {
        var data = new TheoryData<string, int, int>();
        foreach (var schedule in FlushSchedules.All)
        {
            foreach (var (stages, workers) in ((int, int)[])[(1, 1), (2, 1), (2, 2), (4, 2), (4, 4)])
            {
                if (schedule.WhyNot(new ScheduleShape(workers, stages, MicroBatches)) is null) data.Add(schedule.Name, stages, workers);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Placements))]
    public void Gradients_are_those_of_the_uncut_model_summed_in_the_order_of_the_names(string schedule, int stages, int workers)
    {
        set_num_threads(1);
        manual_seed(5);
        using var scope = NewDisposeScope();
        var model = new TiedNet();
        var (x, y) = Batch();
        var options = Options(ScheduleCatalog.Get(schedule), stages, workers);
        var order = FlushSchedules.OrderOfGradients(options.Schedule.Build(new ScheduleShape(workers, stages, MicroBatches)));

        // Two steps without zero_grad: the second sum is added to the first.
        var expected = Train(model, x, y, order, steps: 2);
        using var pipeline = Pipeline.Create(model, options);
        for (var step = 0; step < 2; step++) pipeline.TrainStep(x, y, nn.CrossEntropyLoss());

        var actual = Gradients.Take(model);
        Assert.Contains("decoder.weight", actual.Keys);
        Assert.DoesNotContain("encoder.weight", actual.Keys);
        Gradients.AssertEqual(expected, actual);
    }

    [Fact]
    public void The_sum_is_the_gradient_of_the_weight_as_one_leaf()
    {
        using var scope = NewDisposeScope();
        var model = new TiedNet();
        var (x, y) = Batch();
        using var pipeline = Pipeline.Create(model, Options(PipelineSchedule.OneForwardOneBackward, 4, 4));
        pipeline.TrainStep(x, y, nn.CrossEntropyLoss());
        var actual = model.get_parameter("decoder.weight")!.grad!;

        var weight = model.get_parameter("encoder.weight")!.detach().clone().requires_grad_();
        var h = weight.index_select(0, x);
        foreach (var name in (string[])["first", "second"])
            h = nn.functional.relu(nn.functional.linear(h, model.get_parameter($"{name}.weight")!.detach(), model.get_parameter($"{name}.bias")!.detach()));
        nn.functional.cross_entropy(nn.functional.linear(h, weight, model.get_parameter("decoder.bias")!.detach()), y).backward();

        Assert.True(weight.grad!.allclose(actual, rtol: 1e-4, atol: 1e-6));
    }

    [Fact]
    public void An_optimizer_over_all_parameters_updates_the_weight_once()
    {
        using var scope = NewDisposeScope();
        var model = new TiedNet();
        var (x, y) = Batch();
        using var pipeline = Pipeline.Create(model, Options(PipelineSchedule.OneForwardOneBackward, 4, 4));
        using var optimizer = optim.SGD(model.parameters(), 1.0);
        var (encoder, decoder) = (model.get_parameter("encoder.weight")!, model.get_parameter("decoder.weight")!);
        var before = encoder.detach().clone();
        pipeline.TrainStep(x, y, nn.CrossEntropyLoss());
        var gradient = decoder.grad!.clone();
        optimizer.step();

        Assert.True((before - gradient).Equals(encoder.detach()));
        Assert.True(encoder.Equals(decoder));
    }

    [Theory]
    [InlineData(1, 1, null)]
    [InlineData(4, 4, null)]
    [InlineData(4, 2, 0.05)]
    [InlineData(4, 4, 0.05)]
    public void Optimizers_of_the_workers_update_the_weight_once_and_clip_its_whole_gradient(int stages, int workers, double? norm)
    {
        using var scope = NewDisposeScope();
        var options = Options(stages == workers ? PipelineSchedule.OneForwardOneBackward : PipelineSchedule.InterleavedOneForwardOneBackward, stages, workers);
        options.Optimizer = static parameters => optim.Adam(parameters.Select(entry => entry.parameter), 0.05);
        options.MaxGradientNorm = norm;
        PipelineAssert.EquivalentTo(
            static () =>
            {
                var model = new TiedNet();
                Assert.True(model.get_parameter("encoder.weight")!.Equals(model.get_parameter("decoder.weight")!));
                return model;
            },
            options, [Batch(), Batch()], nn.CrossEntropyLoss(), comparison: new() { Steps = 6 });
    }

    [Fact]
    public void Schedules_without_a_flush_are_refused()
    {
        using var model = new TiedNet();
        var options = Options(PipelineSchedule.PipeDream, 4, 4);
        options.Optimizer = static parameters => optim.SGD(parameters, 0.1);
        var error = Assert.Throws<NotSupportedException>(() => Pipeline.Create(model, options));
        Assert.StartsWith("[TiedWeights(\"decoder.weight\", \"encoder.weight\")]: under PipeDream every stage", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_fails_leaves_gradients_only_where_zero_grad_finds_them()
    {
        using var scope = NewDisposeScope();
        var model = new TiedNet();
        var (x, y) = Batch();
        using var pipeline = Pipeline.Create(model, Options(PipelineSchedule.GPipe, 4, 4));
        var calls = 0;
        Assert.Throws<PipelineException>(() => pipeline.TrainStep(
            x, y, (output, target) => ++calls == MicroBatches ? throw new InvalidOperationException("The last one.") : nn.functional.cross_entropy(output, target)));
        Assert.Null(model.get_parameter("encoder.weight")!.grad);

        model.zero_grad();
        pipeline.TrainStep(x, y, nn.CrossEntropyLoss());
        var after = Gradients.Take(model);
        Gradients.AssertEqual(Train(model, x, y, [0, 1, 2, 3], steps: 1), after);
    }

    [Fact]
    public void A_tied_model_inside_another_is_tied_there()
    {
        using var scope = NewDisposeScope();
        var model = new AroundTiedNet();
        var (x, _) = Batch();
        using var pipeline = Pipeline.Create(model, Options(PipelineSchedule.OneForwardOneBackward, 5, 5));
        pipeline.TrainStep(x, randn(Samples, 3), nn.MSELoss());
        Assert.Null(model.get_parameter("inner.encoder.weight")!.grad);
        Assert.NotNull(model.get_parameter("inner.decoder.weight")!.grad);
    }

    [Theory]
    [InlineData(HowShared.OneParameter)]
    [InlineData(HowShared.OneStorage)]
    public void What_is_not_declared_stays_in_one_stage_where_the_choice_is_open(HowShared how)
    {
        using var model = new SecretlyTiedNet(how);
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 1 });
        Assert.Equal(["encoder, middle, decoder"], pipeline.StageNames);
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Stages = 2 }));
        Assert.Contains("is cut into 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HowShared.OneParameter)]
    [InlineData(HowShared.OneStorage)]
    public void What_is_not_declared_can_not_be_used_by_two_stages(HowShared how)
    {
        using var model = new SecretlyTiedPinnedNet(how);
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model));
        Assert.StartsWith(
            "Parameters 'encoder.weight' and 'decoder.weight' of SecretlyTiedPinnedNet are one weight, used by two stages (encoder | decoder)", error.Message, StringComparison.Ordinal);
        Assert.Contains("[TiedWeights(\"encoder.weight\", \"decoder.weight\")]", error.Message, StringComparison.Ordinal);
        Assert.Contains("decoder.weight = new Parameter(encoder.weight.detach());", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HowShared.OneParameter, 0)]
    [InlineData(HowShared.OneStorage, 1)]
    public void In_one_stage_the_log_warns_of_updates_twice(HowShared how, int warnings)
    {
        using var model = new SecretlyTiedNet(how);
        var log = new LogLines();
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 1 }, log);
        Assert.Equal(warnings, log.Lines.Count(line => line.Contains("'encoder.weight' and 'decoder.weight' are one weight", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false, "are two weights, not one")]
    [InlineData(true, "share one gradient")]
    public void What_is_declared_must_be_so(bool oneLeaf, string message)
    {
        using var model = new WronglyTiedNet(oneLeaf);
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Stages = 2 }));
        Assert.StartsWith("[TiedWeights(\"decoder.weight\", \"encoder.weight\")]: 'encoder.weight' and 'decoder.weight' of WronglyTiedNet " + message, error.Message, StringComparison.Ordinal);
        Assert.Contains("encoder.weight = new Parameter(decoder.weight.detach());", error.Message, StringComparison.Ordinal);
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gradients_that_can_not_be_put_together_fail_the_step_change_no_weight_and_the_next_step_runs(bool optimizers)
    {
        using var scope = NewDisposeScope();
        using var model = new TiedNet();
        var options = Options(PipelineSchedule.OneForwardOneBackward, 4, 4);
        if (optimizers) (options.Optimizer, options.MaxGradientNorm) = (static parameters => optim.SGD(parameters, 0.1), 1);
        using var pipeline = Pipeline.Create(model, options);
        var (x, y) = Batch();
        pipeline.TrainStep(x, y, nn.CrossEntropyLoss());
        model.zero_grad();
        var weights = model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var timelines = new List<StepTimeline>();
        using var subscription = StepTimelines.Subscribe(timelines.Add);
        var live = LiveTensors.Settled();

        // The end of the last backward's span is the last that is told before the gradients are put together.
        var spans = new ConcurrentQueue<Activity>();
        using (var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == PipelineSdkDiagnostics.ActivitySourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                spans.Enqueue(span);
                if (span.OperationName != PipelineSdkDiagnostics.SpanOf(ActionKind.Backward) || span.GetTagItem(PipelineAttributes.MicroBatchIndex) is not MicroBatches - 1) return;
                if (span.GetTagItem(PipelineAttributes.StageIndex) is not 0) return;
                using var scalar = zeros(1);
                // Nothing can be added to it in place: all its elements are one.
                using var expanded = scalar.expand(7, 4);
                model.get_parameter("decoder.weight")!.grad = expanded;
            },
        })
        {
            ActivitySource.AddActivityListener(listener);
            var error = Assert.Throws<InvalidOperationException>(() => pipeline.TrainStep(x, y, nn.CrossEntropyLoss()));
            Assert.StartsWith("Step 1: no weight has changed, since the gradients of the stages could not be put together: ExternalException: unsupported operation: more", error.Message, StringComparison.Ordinal);
            Assert.NotNull(error.InnerException);
            Assert.Same(error, Assert.Single(timelines).Failure);
        }

        Assert.Equal(ActivityStatusCode.Error, Assert.Single(spans, span => span.OperationName == PipelineSdkDiagnostics.StepSpan).Status);
        using (NewDisposeScope())
        {
            Gradients.AssertEqual(weights, model.state_dict());
            model.zero_grad();
            foreach (var parameter in model.parameters()) parameter.grad = null;
        }

        Assert.Equal(live, LiveTensors.Settled());
        Assert.True(double.IsFinite(pipeline.TrainStep(x, y, nn.CrossEntropyLoss()).Loss));
        Assert.Null(timelines[1].Failure);
    }

    [Fact]
    public void A_name_must_be_that_of_a_parameter()
    {
        using var model = new MisnamedTiedNet();
        var error = Assert.Throws<ArgumentException>(() => Pipeline.Create(model, new PipelineOptions { Stages = 2 }));
        Assert.Contains(
            "MisnamedTiedNet has no parameter 'decoder.wieght'. Its parameters are encoder.weight, encoder.bias, decoder.weight, decoder.bias.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_storage_is_known_by_its_address_whatever_the_view()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(randn(3, 4));
        var (other, view, later) = (new Parameter(randn(3, 4)), new Parameter(weight.detach()), new Parameter(weight.detach()[1]));
        Assert.Equal(WeightStorage.AddressOf(weight), WeightStorage.AddressOf(view));
        Assert.Equal(WeightStorage.AddressOf(weight), WeightStorage.AddressOf(new Parameter(weight.detach().t())));
        Assert.Equal(3, new[] { weight, other, later }.Select(WeightStorage.AddressOf).Distinct().Count());
        Assert.NotEqual(WeightStorage.AddressOf(new Parameter(zeros(0))), WeightStorage.AddressOf(new Parameter(zeros(0))));
        Assert.False(WeightStorage.IsOneLeaf(weight, view));
        weight.requires_grad = false;
        Assert.False(WeightStorage.IsOneLeaf(weight, view));
        Assert.False(WeightStorage.IsOneLeaf(view, weight));
        Assert.True(WeightStorage.IsOneLeaf(weight, weight));
        Assert.Equal((false, true), (weight.requires_grad, view.requires_grad));
    }

    private static PipelineOptions Options(PipelineSchedule schedule, int stages, int workers)
        => new() { Schedule = schedule, Stages = stages, Workers = workers, MicroBatches = MicroBatches, IntraOpThreads = 1 };

    private static (Tensor X, Tensor Y) Batch() => (randint(0, 7, [Samples], dtype: int64), randint(0, 7, [Samples], dtype: int64));

    /// <summary>Steps of the uncut model on the same micro-batches, and the sums after each; the gradients are taken.</summary>
    private static Dictionary<string, Tensor> Train(TiedNet model, Tensor x, Tensor y, IReadOnlyList<int> order, int steps)
    {
        var sizes = Enumerable.Range(0, MicroBatches).Select(i => (long)(Samples / MicroBatches) + (i < Samples % MicroBatches ? 1 : 0)).ToArray();
        var pieces = x.split(sizes).Zip(y.split(sizes)).ToList();
        for (var step = 0; step < steps; step++)
        {
            foreach (var microBatch in order)
            {
                var loss = nn.functional.cross_entropy(model.call(pieces[microBatch].First), pieces[microBatch].Second);
                autograd.backward(loss, full_like(loss, (double)sizes[microBatch] / Samples));
            }

            var (decoder, encoder) = (model.get_parameter("decoder.weight")!, model.get_parameter("encoder.weight")!);
            decoder.grad = decoder.grad! + encoder.grad!;
            encoder.grad = null;
        }

        return Gradients.Take(model);
    }
}
