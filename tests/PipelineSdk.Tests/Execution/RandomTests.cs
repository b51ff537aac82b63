using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using PipelineSdk.Training;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Execution;

/// <summary>What is drawn follows from the seed alone: not from workers, stages, schedule, recompute, or what else the process does.</summary>
public sealed class RandomTests
{
    private const string Unseen = "something drew random numbers that the pipeline does not know of";

    public static TheoryData<string> Schedules() => [.. FlushSchedules.All.Select(schedule => schedule.Name)];

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Losses_gradients_and_weights_are_the_same_for_all_schedules_workers_stages_and_modes_of_recompute(string name)
    {
        using var scope = NewDisposeScope();
        var schedule = ScheduleCatalog.Get(name);
        var expected = Train(new PipelineOptions { Stages = 1, Schedule = Order(schedule), MicroBatches = 4, Seed = 5 });
        foreach (var stages in new[] { 1, 2, 3, 4, 6 })
        {
            for (var workers = 1; workers <= 4; workers++)
            {
                if (schedule.WhyNot(new ScheduleShape(workers, stages, 4)) is not null) continue;
                foreach (var recompute in Enum.GetValues<ActivationRecompute>())
                {
                    if (recompute == ActivationRecompute.ExceptLastMicroBatch && stages != 4) continue;
                    AssertSame(expected, Train(new PipelineOptions
                    {
                        Schedule = schedule,
                        Stages = stages,
                        Workers = workers,
                        MicroBatches = 4,
                        Recompute = recompute,
                        Seed = 5,
                    }));
                }
            }
        }

        // Gradients add up in the order of backwards; numbers drawn do not depend on it.
        static PipelineSchedule Order(PipelineSchedule schedule)
            => FlushSchedules.OrderOfGradients(schedule.Build(schedule.NearestShapes(new ScheduleShape(2, 4, 4), 1)[0]))[0] == 0
                ? PipelineSchedule.GPipe : ScheduleCatalog.Get("GPipe-Descending");
    }

    [Fact]
    public void Another_seed_step_or_micro_batch_draws_other_numbers()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(new HalfPiece());
        var masks = new List<Tensor>();
        foreach (var seed in new[] { 1, 2 })
        {
            using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 1, MicroBatches = 2, Seed = seed });
            for (var step = 0; step < 2; step++) masks.AddRange(pipeline.Forward(ones(2, 64)).chunk(2));
        }

        Assert.Equal(8, masks.Count);
        for (var i = 0; i < masks.Count; i++)
        {
            for (var j = 0; j < i; j++) Assert.False(masks[i].Equals(masks[j]), $"{i} and {j}");
        }
    }

    [Fact]
    public void Another_segment_draws_other_numbers()
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(new HalfPiece(), new HalfPiece());
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = 1 });
        // What both keep is 4; the same mask twice would keep a half of it all, not a quarter.
        var kept = (pipeline.Forward(ones(1, 4096)) > 0).to(ScalarType.Float32).mean().item<float>();
        Assert.InRange(kept, 0.2, 0.3);
    }

    [Fact]
    public void Without_a_seed_torch_manual_seed_decides_and_the_process_generator_is_left_alone()
    {
        using var scope = NewDisposeScope();
        var first = Run(7);
        AssertSame(first, Run(7));
        Assert.NotEqual(first.Losses, Run(8).Losses);
        AssertSame(first, Train(new PipelineOptions { Stages = 3, MicroBatches = 4, Seed = 7 }));

        static Outcome Run(long seed)
        {
            var result = Train(new PipelineOptions { Stages = 3, MicroBatches = 4 }, beforePipeline: () => manual_seed(seed));
            using var after = get_rng_state();
            manual_seed(seed);
            using var fresh = get_rng_state();
            Assert.True(after.Equals(fresh));
            return result;
        }
    }

    [Fact]
    public void An_evaluation_between_two_steps_changes_no_number()
    {
        using var scope = NewDisposeScope();
        var options = new PipelineOptions { Stages = 3, MicroBatches = 4, Seed = 7 };
        AssertSame(Train(options), Train(options, betweenSteps: static (model, pipeline) =>
        {
            model.eval();
            pipeline.Evaluate(ones(5, 4), ones(5, 4), MSELoss()).Dispose();
            model.train();
            pipeline.Forward(ones(5, 4));
        }));
    }

    [Fact]
    public void Two_pipelines_that_train_at_once_draw_what_they_draw_alone()
    {
        using var scope = NewDisposeScope();
        var alone = new[] { 1, 2 }.Select(seed => Train(new PipelineOptions { Stages = 2, MicroBatches = 4, Seed = seed }, steps: 6)).ToArray();
        var together = new Outcome[2];
        // Made one after the other: initial weights come from the process's generator too.
        PiecesNet[] models = [Net(), Net()];
        var threads = new[] { 0, 1 }.Select(i => new Thread(() => together[i] = Train(
            new PipelineOptions { Stages = 2, MicroBatches = 4, Seed = i + 1 }, steps: 6, model: models[i]))).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        AssertSame(alone[0], together[0]);
        AssertSame(alone[1], together[1]);
        foreach (var outcome in together) outcome.Dispose();
    }

    [Fact]
    public void The_loss_function_may_draw()
    {
        using var scope = NewDisposeScope();
        Func<Tensor, Tensor, Tensor> loss = static (output, target) => functional.mse_loss(functional.dropout(output, 0.5), target);
        var log = new LogLines();
        var expected = Train(new PipelineOptions { Stages = 1, MicroBatches = 4, Seed = 3 }, loss: loss);
        AssertSame(expected, Train(new PipelineOptions { Stages = 4, MicroBatches = 4, Seed = 3 }, loss: loss, log: log));
        AssertSame(expected, Train(new PipelineOptions { Stages = 4, MicroBatches = 4, Seed = 3, Recompute = ActivationRecompute.Always }, loss: loss, log: log));
        Assert.DoesNotContain(log.Lines, line => line.Contains(Unseen, StringComparison.Ordinal));
    }

    [Fact]
    public void Segments_that_do_not_draw_run_while_others_do()
    {
        // The first stage waits, with the generator, for the second to run the micro-batch before: it only comes if it needs no generator.
        using var scope = NewDisposeScope();
        using var second = new SemaphoreSlim(0);
        var (first, step) = (0, 0);
        var met = true;
        using var model = new PiecesNet(
            new CallbackPiece(() =>
            {
                rand(1).Dispose();
                if (step > 0 && first++ == 1) met = second.Wait(TimeSpan.FromSeconds(60));
            }),
            new CallbackPiece(() => second.Release()));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = 2 });
        pipeline.Forward(ones(2, 4));
        while (second.Wait(0))
        {
        }

        step = 1;
        pipeline.Forward(ones(2, 4));
        Assert.True(met);
    }

    [Fact]
    public void Dropout_layers_that_run_with_call_drop_out_while_others_have_the_generator()
    {
        // As above, but the second stage drops out too: from a generator of its own.
        using var scope = NewDisposeScope();
        using var second = new SemaphoreSlim(0);
        var (first, step) = (0, 0);
        var met = true;
        var layer = Dropout(0.5);
        using var model = new PiecesNet(
            new CallbackPiece(() =>
            {
                rand(1).Dispose();
                if (step > 0 && first++ == 1) met = second.Wait(TimeSpan.FromSeconds(60));
            }),
            Sequential(layer, new CallbackPiece(() => second.Release())));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = 2 });
        pipeline.Forward(ones(2, 4));
        while (second.Wait(0))
        {
        }

        step = 1;
        var dropped = pipeline.Forward(ones(2, 64));
        Assert.True(met);
        Assert.Equal([0, 2], dropped.data<float>().ToArray().Distinct().Order());
        Assert.Equal(0.5, layer.p);
    }

    [Theory]
    [InlineData(0.3, false)]
    [InlineData(0.3, true)]
    [InlineData(1, false)]
    public void Dropout_layers_compute_what_libtorch_does_from_the_same_numbers(double probability, bool inplace)
    {
        using var scope = NewDisposeScope();
        using var model = new PiecesNet(Linear(8, 8), Sequential(Dropout(probability, inplace), Tanh()), Linear(8, 8));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 1, MicroBatches = 1, Seed = 2, IntraOpThreads = 1 });
        var (x, y) = (randn(5, 8), randn(5, 8));
        var loss = pipeline.TrainStep(x, y, MSELoss()).Loss;
        var gradients = Gradients.Take(model);

        set_num_threads(1);
        manual_seed(RandomKey.Of(RandomKey.Of(2, 0, 0), 1, 0, 1));
        var expected = functional.mse_loss(model.call(x), y);
        expected.backward();
        Assert.Equal(expected.item<float>(), loss);
        Gradients.AssertEqual(Gradients.Take(model), gradients);
    }

    [Fact]
    public void Dropout_layers_are_left_alone_by_a_step_that_fails_and_by_a_pipeline_that_has_ended()
    {
        using var scope = NewDisposeScope();
        var layer = Dropout(0.5);
        layer.register_forward_hook(static (_, _, _) => throw new FormatException());
        using var model = new PiecesNet(Linear(4, 4), layer);
        using (var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = 2 }))
            Assert.Throws<PipelineException>(() => pipeline.Forward(ones(2, 4)));

        Assert.Equal(0.5, layer.p);
    }

    [Fact]
    public void Keys_are_what_they_always_were()
    {
        // SplitMix64 from 0, as everybody has it, and a key of a real piece of work.
        Assert.Equal(unchecked((long)0xE220A8397B1DCDAF), RandomKey.Of(0));
        var keys = new HashSet<long>();
        for (var step = 0; step < 10; step++)
        {
            for (var segment = 0; segment < 10; segment++)
            {
                for (var microBatch = 0; microBatch < 10; microBatch++) keys.Add(RandomKey.Of(RandomKey.Of(1, 0, step), segment, microBatch));
            }
        }

        Assert.Equal(1000, keys.Count);
    }

    [Fact]
    public void Draws_that_nobody_saw_are_found_after_the_step_logged_once_and_watched_from_then_on()
    {
        using var scope = NewDisposeScope();
        var step = 0;
        var log = new LogLines();
        using var model = new PiecesNet(new FunctionalDropoutPiece(), new CallbackPiece(() =>
        {
            if (step > 1) rand(1).Dispose();
        }));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = 1, Seed = 1 }, log);
        for (; step < 6; step++)
        {
            using var before = get_rng_state();
            pipeline.Forward(ones(2, 4));
            using var after = get_rng_state();
            // Only the step that drew first was not seen.
            Assert.Equal(step != 2, before.Equals(after));
        }

        var warning = Assert.Single(log.Lines, line => line.Contains(Unseen, StringComparison.Ordinal));
        Assert.StartsWith("Pipeline PiecesNet: in forward step 2 something drew", warning, StringComparison.Ordinal);
        Assert.Contains("those that it knows to draw: layers.0. ", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_thread_that_draws_costs_one_warning_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var log = new LogLines();
        using var model = new PiecesNet(Linear(4, 4), new FunctionalDropoutPiece(), new HalfPiece());
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 3, MicroBatches = 2 }, log);
        using var stop = new CancellationTokenSource();
        var loader = new Thread(() =>
        {
            while (!stop.IsCancellationRequested) rand(3).Dispose();
        });
        loader.Start();
        for (var i = 0; i < 30; i++) Assert.True(double.IsFinite(pipeline.TrainStep(ones(2, 4), ones(2, 4), MSELoss()).Loss));
        stop.Cancel();
        loader.Join();
        Assert.True(log.Lines.Count(line => line.Contains(Unseen, StringComparison.Ordinal)) <= 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_pipeline_may_run_inside_a_segment_or_the_loss_of_another(bool inLoss)
    {
        using var scope = NewDisposeScope();
        using var teacher = Net();
        using var inner = Pipeline.Create(teacher, new PipelineOptions { Stages = 2, MicroBatches = 2, Seed = 4 });
        using var model = new PiecesNet(Linear(4, 4), new CallbackPiece(() =>
        {
            if (!inLoss) inner.Forward(ones(4, 4)).Dispose();
        }), new HalfPiece(), Linear(4, 4));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 1, MicroBatches = 2, Seed = 4 });
        for (var i = 0; i < 3; i++)
        {
            var step = pipeline.TrainStep(ones(4, 4), ones(4, 4), (output, target) =>
                functional.mse_loss(output, inLoss ? inner.Forward(ones(2, 4)) : target));
            Assert.True(double.IsFinite(step.Loss));
        }
    }

    [Fact]
    public void A_segment_that_fails_while_it_draws_gives_the_generator_back()
    {
        using var scope = NewDisposeScope();
        var fail = true;
        using var model = new PiecesNet(new HalfPiece(), new CallbackPiece(() =>
        {
            rand(1).Dispose();
            if (fail) throw new FormatException();
        }));
        using var pipeline = Pipeline.Create(model, new PipelineOptions { Stages = 2, MicroBatches = 2 });
        using var before = get_rng_state();
        Assert.Throws<PipelineException>(() => pipeline.Forward(ones(2, 4)));
        using var after = get_rng_state();
        Assert.True(before.Equals(after));
        fail = false;
        Assert.Equal([2, 4], pipeline.Forward(ones(2, 4)).shape);
    }

    private static PiecesNet Net()
    {
        manual_seed(11);
        return new PiecesNet(
            Sequential(Linear(4, 4), Dropout(0.2), Tanh()), Dropout(0.5), new FunctionalDropoutPiece(), Linear(4, 4),
            Sequential(Dropout(0.1, inplace: true), Linear(4, 4)), new FunctionalDropoutPiece());
    }

    private static Outcome Train(
        PipelineOptions options, int steps = 3, PiecesNet? model = null, Action? beforePipeline = null,
        Action<PiecesNet, IPipeline<PiecesNet>>? betweenSteps = null, Func<Tensor, Tensor, Tensor>? loss = null, LogLines? log = null)
    {
        using var scope = NewDisposeScope();
        model ??= Net();
        options.IntraOpThreads = 1;
        var (x, y) = (arange(36, dtype: ScalarType.Float32).reshape(9, 4) / 36, ones(9, 4) / 2);
        using var optimizer = optim.SGD(model.parameters(), 0.05);
        beforePipeline?.Invoke();
        using var pipeline = Pipeline.Create(model, options, log);
        var losses = new List<double>();
        for (var i = 0; i < steps; i++)
        {
            optimizer.zero_grad();
            losses.Add(pipeline.TrainStep(x, y, loss ?? (static (output, target) => functional.mse_loss(output, target))).Loss);
            optimizer.step();
            betweenSteps?.Invoke(model, pipeline);
        }

        return new Outcome(losses, model.named_parameters().Select(entry => entry.parameter)
            .SelectMany(parameter => new[] { parameter, parameter.grad! }).Select(tensor => tensor.clone().DetachFromDisposeScope()).ToList());
    }

    private static void AssertSame(Outcome expected, Outcome actual)
    {
        Assert.Equal(expected.Losses, actual.Losses);
        Assert.Equal(expected.State.Count, actual.State.Count);
        Assert.All(expected.State.Zip(actual.State), pair => Assert.True(pair.First.Equals(pair.Second)));
    }

    private sealed record Outcome(List<double> Losses, List<Tensor> State) : IDisposable
    {
        public void Dispose() => State.ForEach(static tensor => tensor.Dispose());
    }
}
