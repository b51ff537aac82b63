using FsCheck;
using FsCheck.Fluent;
using PipelineSdk.Model;
using PipelineSdk.Schedules;
using PipelineSdk.Testing;
using PipelineSdk.Tests.Models;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PipelineSdk.Tests.Testing;

/// <summary>
/// Promise 1 over whole trainings: whatever the model, schedule, workers and micro-batches, twenty steps leave the losses, gradients, weights and
/// buffers of the uncut model, bit for bit.
/// </summary>
public sealed class EquivalenceSuite
{
    private const int Steps = 20;

    /// <summary>Each with the number of stages it can have at most. A new kind of option of the runtime belongs into <see cref="Combination"/>.</summary>
    private static readonly Subject[] Subjects =
    [
        new("eight layers", 8, Train<PiecesNet>(static () => new(Layers(8)), [4], [4])),
        new("sixteen layers", 16, Train<PiecesNet>(static () => new(Layers(16)), [4], [4])),
        new("hand-cut, with values beside each other", 4, Train<HandCutNet>(static () => new(), [6], [3])),
        new("a Sequential with in-place activations", 4, Train<SequentialNet>(static () => new(), [5], [2])),
        new("convolutions with batch normalisation", 4, Train<ResidualConvNet>(static () => new(), [2, 6, 6], [4])),
        new("tied weights", 4, TrainTied),
    ];

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        var schedules = FlushSchedules.All.ToList();
        // Every schedule and every model; the other pairs are left to chance.
        for (var i = 0; i < schedules.Count; i++) rows.Add(Subjects[i % Subjects.Length].Name, schedules[i].Name);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Every_schedule_trains_as_uncut(string model, string schedule)
        => Subjects.Single(subject => subject.Name == model).Train(Nearest(ScheduleCatalog.Get(schedule), model, workers: 2, chunks: 2, microBatches: 4, extra: 1, ActivationRecompute.Never));

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
             from recompute in Gen.Elements(Enum.GetValues<ActivationRecompute>())
             select (subject, combination: Nearest(schedule, subject.Name, workers, chunks, microBatches, extra, recompute))).ToArbitrary(),
            static item => item.subject.Train(item.combination)));

    /// <summary>The nearest shape that the schedule is defined for and the model can be cut into.</summary>
    private static Combination Nearest(PipelineSchedule schedule, string model, int workers, int chunks, int microBatches, int extra, ActivationRecompute recompute)
    {
        var most = Subjects.Single(subject => subject.Name == model).Stages;
        var shape = Enumerable.Range(1, most)
            .SelectMany(stages => Enumerable.Range(1, stages).SelectMany(count => Enumerable.Range(1, 12).Select(number => new ScheduleShape(count, stages, number))))
            .Where(candidate => schedule.WhyNot(candidate) is null)
            .MinBy(candidate => Math.Abs(candidate.Workers - workers) + Math.Abs(candidate.Stages - (workers * chunks)) + Math.Abs(candidate.MicroBatches - microBatches))!;
        return new(schedule, shape, extra, recompute);
    }

    private static Module<Tensor, Tensor>[] Layers(int count) => [.. Enumerable.Range(0, count).Select(i => i % 3 == 2 ? LayerNorm(4) : (Module<Tensor, Tensor>)Linear(4, 4))];

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
        var samples = (2 * combination.Shape.MicroBatches) + combination.Extra;
        PipelineAssert.EquivalentTo(
            model, combination.Options, [batch(samples), batch(samples + 1)], loss, static parameters => optim.SGD(parameters, 0.05, momentum: 0.9), new() { Steps = Steps });
    }

    private sealed record Subject(string Name, int Stages, Action<Combination> Train)
    {
        public override string ToString() => Name;
    }

    /// <summary>How a model is run, and how many samples its batches have beyond two per micro-batch.</summary>
    private sealed record Combination(PipelineSchedule Schedule, ScheduleShape Shape, int Extra, ActivationRecompute Recompute)
    {
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
