using PipelineSdk.Model;
using PipelineSdk.Schedules;
using Xunit;
using static TorchSharp.torch;

namespace PipelineSdk.Tests.Models;

/// <summary>A model under test with the shapes of one sample, whatever its class.</summary>
/// <remarks>
/// Both sides run with one intra-op thread: a sum that libtorch shares out over more threads is added in another order.
/// </remarks>
public abstract class TestModel
{
    public static TestModel Of<TModel>(TModel model, long[] input, long[] output)
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
        => new Typed<TModel>(model, input, output);

    /// <summary>
    /// Compares with the uncut model running the same micro-batches one after another, in the order of the schedule's backwards: bit for bit.
    /// </summary>
    public abstract void AssertStepEqualsUncut(
        PipelineSchedule schedule, int stages, int microBatches, int samples, int? workers = null, Action<PipelineOptions>? configure = null);

    /// <summary>Compares with the uncut model on the undivided batch: bit for bit, or up to rounding.</summary>
    public abstract void AssertStepEqualsUndivided(
        PipelineSchedule schedule, int stages, int microBatches, int samples, bool exact);

    private sealed class Typed<TModel>(TModel model, long[] input, long[] output) : TestModel
        where TModel : nn.Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        public override void AssertStepEqualsUncut(
            PipelineSchedule schedule, int stages, int microBatches, int samples, int? workers = null, Action<PipelineOptions>? configure = null)
        {
            set_num_threads(1);
            using var scope = NewDisposeScope();
            var (x, y) = Batch(samples);
            var order = FlushSchedules.OrderOfGradients(schedule.Build(new ScheduleShape(workers ?? stages, stages, microBatches)));
            var losses = new double[microBatches];
            var sizes = Enumerable.Range(0, microBatches)
                .Select(i => (long)(samples / microBatches) + (i < samples % microBatches ? 1 : 0)).ToArray();
            var pieces = x.split(sizes).Zip(y.split(sizes)).ToList();
            foreach (var microBatch in order)
            {
                var (xs, ys) = pieces[microBatch];
                var weight = (double)xs.shape[0] / samples;
                var loss = nn.functional.mse_loss(model.call(xs), ys);
                autograd.backward(loss, full_like(loss, weight));
                losses[microBatch] = weight * loss.item<float>();
            }

            var expected = Gradients.Take(model);
            var (loss2, actual) = Step(schedule, stages, microBatches, x, y, workers, configure);

            Assert.Equal(losses.Sum(), loss2);
            Gradients.AssertEqual(expected, actual);
        }

        public override void AssertStepEqualsUndivided(
            PipelineSchedule schedule, int stages, int microBatches, int samples, bool exact)
        {
            set_num_threads(1);
            using var scope = NewDisposeScope();
            var (x, y) = Batch(samples);
            var loss = nn.functional.mse_loss(model.call(x), y);
            loss.backward();
            var expected = Gradients.Take(model);
            var (actualLoss, actual) = Step(schedule, stages, microBatches, x, y);

            if (exact)
            {
                Assert.Equal(loss.item<float>(), actualLoss);
                Gradients.AssertEqual(expected, actual);
            }
            else
            {
                Assert.Equal(loss.item<float>(), actualLoss, 1e-5);
                Gradients.AssertClose(expected, actual);
            }
        }

        private (Tensor X, Tensor Y) Batch(long samples) => (randn([samples, .. input]), randn([samples, .. output]));

        private (double Loss, Dictionary<string, Tensor> Gradients) Step(
            PipelineSchedule schedule, int stages, int microBatches, Tensor x, Tensor y, int? workers = null, Action<PipelineOptions>? configure = null)
        {
            var options = new PipelineOptions
            {
                Schedule = schedule,
                Stages = stages,
                Workers = workers,
                MicroBatches = microBatches,
                IntraOpThreads = 1,
            };
            configure?.Invoke(options);
            using var pipeline = Pipeline.Create(model, options);
            var step = pipeline.TrainStep(x, y, nn.MSELoss());
            return (step.Loss, Models.Gradients.Take(model));
        }
    }
}
