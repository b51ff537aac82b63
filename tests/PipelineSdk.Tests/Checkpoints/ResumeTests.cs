using PipelineSdk.Schedules;
using PipelineSdk.Tests.Models;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Checkpoints;

/// <summary>A training that goes on from a checkpoint has the numbers of one that was never interrupted, bit for bit.</summary>
public sealed class ResumeTests
{
    private static readonly Dictionary<string, Func<IEnumerable<Parameter>, optim.Optimizer>> Kinds = new()
    {
        ["SGD"] = static parameters => optim.SGD(parameters, 0.05, momentum: 0.9),
        ["Adam"] = static parameters => optim.Adam(parameters, 0.01, amsgrad: true),
        ["AdamW"] = static parameters => optim.AdamW(parameters, 0.01),
    };

    [Theory]
    [InlineData("SGD", "1F1B", 4, 4, "Interleaved1F1B", 4, 2)]
    [InlineData("Adam", "ZB-V", 4, 2, "GPipe", 3, 3)]
    [InlineData("AdamW", "Sequential", 1, 1, "ZB-H1", 2, 2)]
    [InlineData("SGD", "GPipe", 2, 2, "1F1B", 1, 1)]
    public void With_other_stages_workers_and_schedule(string kind, string schedule, int stages, int workers, string laterSchedule, int laterStages, int laterWorkers)
    {
        foreach (var own in new[] { true, false })
        {
            using var scope = NewDisposeScope();
            using var folder = new CheckpointFolder();
            var batches = Enumerable.Range(0, 10).Select(_ => (X: randn(9, 4), Y: randn(9, 4))).ToList();

            manual_seed(11);
            using var straight = new Training(kind, Options(schedule, stages, workers), own);
            manual_seed(11);
            using var before = new Training(kind, Options(schedule, stages, workers), own);
            var expected = batches.Select(straight.Step).ToList();
            var actual = batches.Take(5).Select(before.Step).ToList();
            before.Pipeline.SaveCheckpoint(folder.File, before.Own, new Dictionary<string, string> { ["epoch"] = "3" });

            // Another seed, other weights, and a caller's scope that ends: nothing of them may stay.
            manual_seed(99);
            using var after = new Training(kind, Options(laterSchedule, laterStages, laterWorkers), own);
            after.Step(batches[0]);
            CheckpointInfo info;
            using (NewDisposeScope()) info = after.Pipeline.LoadCheckpoint(folder.File, after.Own);
            actual.AddRange(batches.Skip(5).Select(after.Step));

            Assert.Equal(("PiecesNet", 5L, schedule, workers, kind, "3"), (info.Model, info.Step, info.Schedule, info.Workers, info.Optimizer, info.Notes["epoch"]));
            Assert.Equal(expected, actual);
            AssertSame(straight.Model, after.Model);
        }
    }

    [Fact]
    public void One_optimizer_goes_on_where_those_of_the_workers_were_and_the_other_way_round()
    {
        using var scope = NewDisposeScope();
        using var folder = new CheckpointFolder();
        var batches = Enumerable.Range(0, 6).Select(_ => (X: randn(9, 4), Y: randn(9, 4))).ToList();
        using var straight = new Training("Adam", Options("1F1B", 4, 4), ownOptimizer: true);
        using var one = new Training("Adam", Options("1F1B", 4, 4), ownOptimizer: true);
        using var several = new Training("Adam", Options("1F1B", 3, 3), ownOptimizer: false);
        one.Model.load_state_dict(straight.Model.state_dict());
        straight.Pipeline.SaveCheckpoint(folder.File, straight.Own);
        one.Pipeline.LoadCheckpoint(folder.File, one.Own);
        var expected = batches.Select(straight.Step).ToList();

        var actual = batches.Take(2).Select(one.Step).ToList();
        one.Pipeline.SaveCheckpoint(folder.File, one.Own);
        several.Pipeline.LoadCheckpoint(folder.File);
        actual.AddRange(batches.Skip(2).Take(2).Select(several.Step));
        several.Pipeline.SaveCheckpoint(folder.File);
        one.Pipeline.LoadCheckpoint(folder.File, one.Own);
        actual.AddRange(batches.Skip(4).Select(one.Step));

        Assert.Equal(expected, actual);
        AssertSame(straight.Model, one.Model);
    }

    [Fact]
    public void Learning_rates_and_the_processs_generator_go_on()
    {
        using var scope = NewDisposeScope();
        using var folder = new CheckpointFolder();
        using var training = new Training("SGD", Options("1F1B", 2, 2), ownOptimizer: true);
        training.Own!.ParamGroups.Single().LearningRate = 0.125;
        training.Pipeline.SaveCheckpoint(folder.File, training.Own);
        var expected = randn(5);

        using var later = new Training("SGD", Options("GPipe", 3, 3), ownOptimizer: true);
        later.Pipeline.LoadCheckpoint(folder.File, later.Own);
        Assert.Equal(0.125, later.Own!.ParamGroups.Single().LearningRate);
        Assert.True(expected.Equals(randn(5)));
    }

    [Theory]
    [InlineData("exponential", true)]
    [InlineData("exponential", false)]
    [InlineData("steps", true)]
    [InlineData("steps", false)]
    [InlineData("cosine", true)]
    [InlineData("cosine", false)]
    public void With_learning_rate_schedulers_that_are_made_with_their_number_of_steps_before_loading(string kind, bool own)
    {
        using var scope = NewDisposeScope();
        using var folder = new CheckpointFolder();
        var batches = Enumerable.Range(0, 13).Select(_ => (X: randn(9, 4), Y: randn(9, 4))).ToList();
        manual_seed(11);
        using var straight = new Training("SGD", Options("1F1B", 2, 2), own);
        manual_seed(11);
        using var before = new Training("SGD", Options("1F1B", 2, 2), own);
        var expected = Train(straight, Schedulers(straight, steps: 0), batches);
        var actual = Train(before, Schedulers(before, steps: 0), batches.Take(6));
        before.Pipeline.SaveCheckpoint(folder.File, before.Own, new Dictionary<string, string> { ["scheduler steps"] = "6" });

        using var after = new Training("SGD", Options("1F1B", 3, 3), own);
        var steps = int.Parse(PipelineCheckpoint.Read(folder.File).Notes["scheduler steps"], System.Globalization.CultureInfo.InvariantCulture);
        var schedulers = Schedulers(after, steps);
        after.Pipeline.LoadCheckpoint(folder.File, after.Own);
        actual.AddRange(Train(after, schedulers, batches.Skip(6)));

        Assert.Equal(expected, actual);
        AssertSame(straight.Model, after.Model);

        List<optim.lr_scheduler.LRScheduler> Schedulers(Training training, int steps) => [.. training.Optimizers.Select(optimizer => kind switch
        {
            "exponential" => optim.lr_scheduler.ExponentialLR(optimizer, 0.9, last_epoch: steps - 1),
            "steps" => optim.lr_scheduler.StepLR(optimizer, 3, last_epoch: steps - 1),
            _ => optim.lr_scheduler.CosineAnnealingLR(optimizer, 8, last_epoch: steps - 1),
        })];

        // The loss of each step, and the rate that it ran with.
        static List<(double, double)> Train(Training training, List<optim.lr_scheduler.LRScheduler> schedulers, IEnumerable<(Tensor X, Tensor Y)> batches)
            => [.. batches.Select(batch =>
            {
                var result = (training.Step(batch), training.Optimizers[^1].ParamGroups.Single().LearningRate);
                foreach (var scheduler in schedulers) scheduler.step();
                return result;
            })];
    }

    [Fact]
    public void Schedules_without_a_flush_go_on_too()
    {
        using var scope = NewDisposeScope();
        using var folder = new CheckpointFolder();
        var batches = Enumerable.Range(0, 4).Select(_ => (X: randn(8, 4), Y: randn(8, 4))).ToList();
        manual_seed(11);
        using var straight = new Training("SGD", Options("PipeDream", 3, 3), ownOptimizer: false);
        manual_seed(11);
        using var before = new Training("SGD", Options("PipeDream", 3, 3), ownOptimizer: false);
        using var after = new Training("SGD", Options("PipeDream", 3, 3), ownOptimizer: false);
        var expected = batches.Select(straight.Step).ToList();
        var actual = batches.Take(2).Select(before.Step).ToList();
        before.Pipeline.SaveCheckpoint(folder.File);
        after.Pipeline.LoadCheckpoint(folder.File);
        actual.AddRange(batches.Skip(2).Select(after.Step));
        Assert.Equal(expected, actual);
        AssertSame(straight.Model, after.Model);
    }

    [Fact]
    public void Two_parameters_over_one_storage_keep_their_states_apart_without_a_flush()
    {
        using var scope = NewDisposeScope();
        using var folder = new CheckpointFolder();
        var batches = Enumerable.Range(0, 4).Select(_ => (X: randn(8, 4), Y: randn(8, 4))).ToList();
        manual_seed(11);
        var (straight, expected) = Shared();
        var losses = batches.Take(2).Select(batch => straight.TrainStep(batch.X, batch.Y, MSELoss()).Loss).ToList();
        straight.SaveCheckpoint(folder.File);
        var (after, actual) = Shared();
        after.LoadCheckpoint(folder.File);
        foreach (var (x, y) in batches.Skip(2)) Assert.Equal(straight.TrainStep(x, y, MSELoss()).Loss, after.TrainStep(x, y, MSELoss()).Loss);
        AssertSame(expected, actual);
        straight.Dispose();
        after.Dispose();

        static (IPipeline<PiecesNet>, PiecesNet) Shared()
        {
            var (first, second) = (Linear(4, 4), Linear(4, 4));
            second.weight = new Parameter(first.weight.detach());
            var model = new PiecesNet(Sequential(first, second), Linear(4, 4));
            var options = Options("PipeDream", 2, 2);
            options.Optimizer = static parameters => optim.Adam(parameters, 0.01);
            return (Pipeline.Create(model, options), model);
        }
    }

    private static PipelineOptions Options(string schedule, int stages, int workers)
        => new() { Schedule = ScheduleCatalog.Get(schedule), Stages = stages, Workers = workers, MicroBatches = 4, IntraOpThreads = 1 };

    private static void AssertSame(nn.Module expected, nn.Module actual)
    {
        var other = actual.state_dict();
        Assert.All(expected.state_dict(), entry => Assert.True(entry.Value.Equals(other[entry.Key]), entry.Key));
    }

    /// <summary>A model with dropout and running statistics, its pipeline, and an optimizer: the caller's own or the workers'.</summary>
    private sealed class Training : IDisposable
    {
        public Training(string kind, PipelineOptions options, bool ownOptimizer)
        {
            Model = new PiecesNet(Linear(4, 8), BatchNorm1d(8), Dropout(0.3), Linear(8, 8), Dropout(0.2), Linear(8, 4));
            if (!ownOptimizer) options.Optimizer = parameters => Kinds[kind](parameters.Select(entry => entry.parameter));
            Pipeline = PipelineSdk.Pipeline.Create(Model, options);
            Own = ownOptimizer ? Kinds[kind](Model.parameters()) : null;
        }

        public PiecesNet Model { get; }

        public IPipeline<PiecesNet> Pipeline { get; }

        public optim.Optimizer? Own { get; }

        /// <summary>The caller's own, or those of the workers.</summary>
        public IReadOnlyList<optim.Optimizer> Optimizers => Own is null ? Pipeline.Optimizers : [Own];

        public double Step((Tensor X, Tensor Y) batch)
        {
            if (Own is not null) Model.zero_grad();
            var loss = Pipeline.TrainStep(batch.X, batch.Y, MSELoss()).Loss;
            Own?.step();
            return loss;
        }

        public void Dispose()
        {
            Own?.Dispose();
            Pipeline.Dispose();
            Model.Dispose();
        }
    }
}
