using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using PipelineSdk.Testing;
using PipelineSdk.Tests.Models;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Testing;

/// <summary>
/// Promise 1 over whole trainings: whatever the model, schedule, workers, micro-batches and recompute, twenty steps leave the losses, gradients, weights and
/// buffers of the uncut model, bit for bit. Where the uncut model computes something else, what computes the same on one thread stands in its place.
/// </summary>
public sealed class EquivalenceSuite
{
    private const int Steps = 20;

    private static readonly ActivationRecompute[] Modes = Enum.GetValues<ActivationRecompute>();

    /// <summary>Each with the number of stages it can have at most. A new kind of option of the runtime belongs into <see cref="Combination"/>.</summary>
    private static readonly Subject[] Subjects =
    [
        new("eight layers", 8, Train<PiecesNet>(static () => new(Layers(8)), [4], [4])),
        new("sixteen layers", 16, Train<PiecesNet>(static () => new(Layers(16)), [4], [4])),
        new("hand-cut, with values beside each other", 4, Train<HandCutNet>(static () => new(), [6], [3])),
        new("a Sequential with in-place activations", 4, Train<SequentialNet>(static () => new(), [5], [2])),
        new("convolutions with batch normalisation", 4, Train<ResidualConvNet>(static () => new(), [2, 6, 6], [4])),
        new("tied weights", 4, TrainTied),
        new("two inputs and a tuple", 3, TrainTwoHeaded),
        new("records, lists and a dictionary", 3, TrainStructured),
    ];

    /// <summary>Every schedule on every number of workers, with a model and a mode of recompute that bring most pairs together that no row before had.</summary>
    public static TheoryData<string, int, string, ActivationRecompute> Rows()
    {
        var rows = new TheoryData<string, int, string, ActivationRecompute>();
        var covered = new HashSet<(object, object)>();
        foreach (var schedule in FlushSchedules.All)
        {
            for (var workers = 1; workers <= 4; workers++)
            {
                var candidates = (
                    from subject in Subjects
                    where Nearest(schedule, subject, workers, chunks: 2, microBatches: 4).Workers == workers
                    from mode in Modes
                    select (subject.Name, Mode: mode, Pairs: Pairs(schedule.Name, workers, subject.Name, mode))).ToList();
                if (candidates.Count == 0) continue;
                var best = candidates.MaxBy(row => row.Pairs.Count(pair => !covered.Contains(pair)));
                covered.UnionWith(best.Pairs);
                rows.Add(schedule.Name, workers, best.Name, best.Mode);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_schedule_trains_as_uncut(string schedule, int workers, string model, ActivationRecompute recompute)
    {
        var subject = Subjects.Single(subject => subject.Name == model);
        subject.Train(new(ScheduleCatalog.Get(schedule), Nearest(ScheduleCatalog.Get(schedule), subject, workers, chunks: 2, microBatches: 4), Extra: 1, recompute));
    }

    [Fact]
    public void The_rows_bring_every_two_together()
    {
        var covered = Rows().SelectMany(row => Pairs((string)row[0], (int)row[1], (string)row[2], (ActivationRecompute)row[3])).ToHashSet();
        Assert.All(from workers in Enumerable.Range(1, 4) from subject in Subjects where workers <= subject.Stages select ((object)workers, (object)subject.Name), pair => Assert.Contains(pair, covered));
        Assert.All(from workers in Enumerable.Range(1, 4) from mode in Modes select ((object)workers, (object)mode), pair => Assert.Contains(pair, covered));
        Assert.All(from subject in Subjects from mode in Modes select ((object)subject.Name, (object)mode), pair => Assert.Contains(pair, covered));
        Assert.All(FlushSchedules.All, schedule => Assert.Contains(covered, pair => pair.Item1 is string name && name == schedule.Name));
    }

    [Fact]
    public void Random_combinations_train_as_uncut() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(20260701, 7),
        Prop.ForAll(
            (from subject in Gen.Elements(Subjects)
             from schedule in Gen.Elements(FlushSchedules.All.ToArray())
             from workers in Gen.Choose(1, 8)
             from chunks in Gen.Choose(1, 2)
             from microBatches in Gen.Choose(1, 9)
             from extra in Gen.Choose(0, 4)
             from recompute in Gen.Elements(Modes)
             select (subject, combination: new Combination(schedule, Nearest(schedule, subject, workers, chunks, microBatches), extra, recompute))).ToArbitrary(),
            static item => item.subject.Train(item.combination)));

    public static TheoryData<string, int, ActivationRecompute> RowsOfSchedules()
    {
        var rows = new TheoryData<string, int, ActivationRecompute>();
        var i = 0;
        foreach (var schedule in FlushSchedules.All) rows.Add(schedule.Name, 1 + (i % 4), Modes[i++ % Modes.Length]);
        return rows;
    }

    /// <summary>The uncut model draws other numbers; a pipeline of one stage draws the same.</summary>
    [Theory]
    [MemberData(nameof(RowsOfSchedules))]
    public void With_dropout_every_schedule_trains_as_one_stage(string name, int workers, ActivationRecompute recompute)
    {
        var schedule = ScheduleCatalog.Get(name);
        var shape = Nearest(schedule, new Subject("", 8, static _ => { }), workers, chunks: 2, microBatches: 4);
        var order = FlushSchedules.OrderOfGradients(schedule.Build(shape));
        var one = new ScheduleShape(1, 1, shape.MicroBatches);
        using var scope = NewDisposeScope();
        var expected = TrainDropout(new(order[0] == 0 ? PipelineSchedule.GPipe : new GPipeSchedule(MicroBatchOrder.Descending), one, Extra: 1, ActivationRecompute.Never));
        var actual = TrainDropout(new(schedule, shape, Extra: 1, recompute));
        Assert.Equal(expected.Losses, actual.Losses);
        Gradients.AssertEqual(expected.State, actual.State);
    }

    /// <summary>Gradients are stale; a plain implementation of the same staleness has the same.</summary>
    [Theory]
    [MemberData(nameof(RowsOfStaleness))]
    public void Without_a_flush_every_schedule_trains_as_its_staleness(string name, int workers, ActivationRecompute recompute)
    {
        manual_seed(3);
        set_num_threads(1);
        using var scope = NewDisposeScope();
        const int microBatches = 5;
        var schedule = ScheduleCatalog.Get(name);
        int[] stageOfLayer = [.. Enumerable.Range(0, 8).Select(layer => layer * workers / 8)];
        PiecesNet Net() => new(Linear(4, 8), BatchNorm1d(8), ReLU(inplace: true), Linear(8, 8), LayerNorm(8), Linear(8, 8), BatchNorm1d(8), Linear(8, 4))
        {
            Pins = [.. stageOfLayer.Select(stage => (int?)stage)],
        };
        optim.Optimizer Optimizer(IEnumerable<(string name, Parameter parameter)> parameters) => optim.SGD(parameters, 0.05, momentum: 0.9);
        using var model = Net();
        using var reference = Net();
        reference.load_state_dict(model.state_dict());
        using var trainer = new StaleTrainer(reference, stageOfLayer, StaleTrainer.PerUpdate(schedule, workers), Optimizer);
        var options = new Combination(schedule, new ScheduleShape(workers, workers, microBatches), Extra: 1, recompute).Options;
        options.Optimizer = Optimizer;
        using var pipeline = Pipeline.Create(model, options);
        for (var run = 0; run < Steps; run++)
        {
            using var inner = NewDisposeScope();
            var (x, y) = (randn((2 * microBatches) + 1, 4), randn((2 * microBatches) + 1, 4));
            Assert.Equal(trainer.Train(x, y, microBatches, MSELoss()), pipeline.TrainStep(x, y, MSELoss()).MicroBatchLosses);
            Gradients.AssertEqual(reference.state_dict(), model.state_dict());
        }
    }

    public static TheoryData<string, int, ActivationRecompute> RowsOfStaleness()
    {
        var rows = new TheoryData<string, int, ActivationRecompute>();
        var i = 0;
        foreach (var schedule in FlushSchedules.Others)
        {
            for (var workers = 1; workers <= 4; workers++) rows.Add(schedule.Name, workers, Modes[i++ % Modes.Length]);
        }

        return rows;
    }

    private static (object, object)[] Pairs(string schedule, int workers, string model, ActivationRecompute recompute)
        => [(schedule, model), (schedule, recompute), (workers, model), (workers, recompute), (model, recompute)];

    /// <summary>The nearest shape that the schedule is defined for and the model can be cut into.</summary>
    private static ScheduleShape Nearest(PipelineSchedule schedule, Subject subject, int workers, int chunks, int microBatches)
        => Enumerable.Range(1, subject.Stages)
            .SelectMany(stages => Enumerable.Range(1, stages).SelectMany(count => Enumerable.Range(1, 12).Select(number => new ScheduleShape(count, stages, number))))
            .Where(candidate => schedule.WhyNot(candidate) is null)
            .MinBy(candidate => Math.Abs(candidate.Workers - workers) + Math.Abs(candidate.Stages - (workers * chunks)) + Math.Abs(candidate.MicroBatches - microBatches))!;

    private static Module<Tensor, Tensor>[] Layers(int count) => [.. Enumerable.Range(0, count).Select(i => i % 3 == 2 ? LayerNorm(4) : (Module<Tensor, Tensor>)Linear(4, 4))];

    private static optim.Optimizer Momentum(IEnumerable<Parameter> parameters) => optim.SGD(parameters, 0.05, momentum: 0.9);

    private static Action<Combination> Train<TModel>(Func<TModel> model, long[] input, long[] output)
        where TModel : Module<Tensor, Tensor>, IPipelineModel<TModel>
        => combination => Train(model, combination, samples => (randn([samples, .. input]), randn([samples, .. output])), MSELoss());

    private static void TrainTied(Combination combination) => Train(
        static () => new TiedNet(), combination, static samples => (randint(0, 7, [samples], dtype: int64), randint(0, 7, [samples], dtype: int64)), CrossEntropyLoss());

    private static void Train<TModel>(Func<TModel> model, Combination combination, Func<long, (ModelInputs, Tensor)> batch, Loss<Tensor, Tensor, Tensor> loss)
        where TModel : Module<Tensor, Tensor>, IPipelineModel<TModel>
    {
        manual_seed(3);
        using var scope = NewDisposeScope();
        PipelineAssert.EquivalentTo(
            model, combination.Options, [batch(combination.Samples), batch(combination.Samples + 1)], loss, Momentum, new() { Steps = Steps });
    }

    private static void TrainTwoHeaded(Combination combination)
    {
        manual_seed(3);
        using var scope = NewDisposeScope();
        var options = combination.Options;
        options.ReplicatedInputs.Add("mask");
        PipelineAssert.EquivalentTo<TwoHeadedNet, (Tensor Value, Tensor Advantage)>(
            static () => new TwoHeadedNet(), static (model, inputs) => model.call((Tensor)inputs.Values[0]!, (Tensor)inputs.Values[1]!), options,
            [((randn(combination.Samples, 6), randn(8)), randn(combination.Samples, 3))],
            static (result, target) => functional.mse_loss(result.Value + result.Advantage, target), Momentum, new() { Steps = Steps });
    }

    private static void TrainStructured(Combination combination)
    {
        manual_seed(3);
        using var scope = NewDisposeScope();
        var options = combination.Options;
        options.ReplicatedInputs.Add("request.Mask");
        var mask = randn(4);
        MicroBatch[] microBatches = [.. Enumerable.Range(0, combination.Shape.MicroBatches).Select(i =>
        {
            var size = 2 + (i % 2 * combination.Extra);
            return new MicroBatch(new ModelInputs(new Request(randn(size, 4), [randn(size, 4), randn(size, 4)], mask)), randn(size, 2));
        })];
        PipelineAssert.EquivalentTo<StructuredNet, Dictionary<string, List<Tensor?>>>(
            static () => new StructuredNet(), static (model, inputs) => model.call((Request)inputs.Values[0]!), options, [microBatches],
            static (result, target) => functional.mse_loss(result["late"][0]! + result["early"][1]!, target), Momentum, new() { Steps = Steps });
    }

    /// <summary>A training of a model that drops out in layers and in a function. The state is the caller's dispose scope's.</summary>
    private static (List<double> Losses, Dictionary<string, Tensor> State) TrainDropout(Combination combination)
    {
        manual_seed(3);
        using var model = new PiecesNet(
            Linear(4, 4), Dropout(0.3), new FunctionalDropoutPiece(), BatchNorm1d(4), Dropout(0.2), Linear(4, 4), new FunctionalDropoutPiece(), Linear(4, 4));
        var options = combination.Options;
        options.Seed = 5;
        using var pipeline = Pipeline.Create(model, options);
        using var optimizer = Momentum(model.parameters());
        var (x, y) = (randn(combination.Samples, 4), randn(combination.Samples, 4));
        var losses = new List<double>();
        for (var step = 0; step < Steps; step++)
        {
            optimizer.zero_grad();
            losses.Add(pipeline.TrainStep(x, y, MSELoss()).Loss);
            optimizer.step();
        }

        return (losses, model.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.clone()));
    }

    private sealed record Subject(string Name, int Stages, Action<Combination> Train)
    {
        public override string ToString() => Name;
    }

    /// <summary>How a model is run, and how many samples its batches have beyond two per micro-batch.</summary>
    private sealed record Combination(PipelineSchedule Schedule, ScheduleShape Shape, int Extra, ActivationRecompute Recompute)
    {
        public int Samples => (2 * Shape.MicroBatches) + Extra;

        public PipelineOptions Options => new()
        {
            Schedule = Schedule,
            Stages = Shape.Stages,
            Workers = Shape.Workers,
            MicroBatches = Shape.MicroBatches,
            IntraOpThreads = 1,
            Recompute = Recompute,
        };
    }
}
